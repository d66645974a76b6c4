/** The document that a person signs to submit a form. */
import type { Value } from '../../../sync/canonical.ts';
import type { Answers, Form, Language } from './form.ts';
import { answerAt } from './answers.ts';
import { cleaned, filesOf, type Moment } from './rules.ts';
import { summary } from './summary.ts';

interface Submitting {
  form: Form;
  formSha256: string;
  answers: Answers;
  language: Language;
  id: string;
  person: string;
  rp: string;
  /** 16 random bytes, base64url. */
  nonce: string;
  /** When it is signed. */
  at: Moment;
  /** The draft's id. */
  seed: string;
  /** Of answers that came filled and were left as they were: where from, by path. */
  filled?: Readonly<Record<string, string>>;
}

/** Return a `submission/1` document: the answers that apply, and the hash of the summary that was shown. */
export async function submissionDocument(given: Submitting): Promise<Record<string, Value>> {
  const { form, language } = given;
  const answers = cleaned(form, given.answers, given.at, given.seed);
  const filled = Object.entries(given.filled ?? {}).filter(([path]) => answerAt(answers, path) !== undefined);
  return {
    typ: 'submission/1',
    rp: given.rp,
    id: given.id,
    person: given.person,
    procedure: form.code,
    unit: form.unit,
    form_sha256: given.formSha256,
    language,
    seed: given.seed,
    answers,
    filled: Object.fromEntries(filled),
    files: filesOf(form, answers),
    summary_sha256: await sha256(summary(form, answers, language)),
    nonce: given.nonce,
    claimed_at: given.at.now,
  };
}

/** Return the lower-case hex SHA-256 of a text's UTF-8 bytes. */
export async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
