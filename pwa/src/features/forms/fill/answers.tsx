/** What someone signed, read from the document alone: for a dossier's page, of the resident and of the officer. */
import { record } from '../../../data/records.ts';
import { isObject } from '../../../sync/canonical.ts';
import type { Value } from '../../../sync/canonical.ts';
import { text } from '../../../text/index.ts';
import { Facts } from '../../../ui/list.tsx';
import { sha256 } from '../rules/document.ts';
import { publishedOf } from './model.ts';
import type { Published } from './model.ts';
import { structureOf } from '../rules/structure.ts';
import { factsOf, summary } from '../rules/summary.ts';
import { Answered } from './answered.tsx';

interface Signed {
  answers: Readonly<Record<string, Value>>;
  language: 'vi' | 'en';
  summarySha256: Value;
  published: Published | null;
}

export function Answers({ document }: { document: Value }) {
  const signed = read(document);
  if (signed === null) return <p>{text('answers.unreadable')}</p>;
  const { answers, language, published } = signed;
  if (published === null) {
    return (
      <>
        <div class="notice wait">
          <p>{text('answers.version')}</p>
        </div>
        <Facts facts={Object.entries(answers).map(([name, value]) => [name, plain(value)] as const)} />
      </>
    );
  }
  return (
    <div lang={language}>
      <Facts facts={factsOf(published.form, language)} />
      <Answered form={published.form} answers={answers} language={language} level={3} />
    </div>
  );
}

/** Return whether the summary's hash in the document is that of its answers; null when its form isn't on this phone. */
export async function summaryFits(document: Value): Promise<boolean | null> {
  const signed = read(document);
  if (signed?.published == null) return null;
  return (await sha256(summary(signed.published.form, signed.answers, signed.language))) === signed.summarySha256;
}

/** Return the applicant's name, when the form asks for it and knows that it does. */
export function applicant(document: Value): string | null {
  const signed = read(document);
  const questions = [...(signed?.published ? structureOf(signed.published.form).questions.values() : [])];
  const asked = questions.find(({ fill }) => fill === 'person/name');
  const name = asked === undefined ? undefined : signed?.answers[asked.name];
  return typeof name === 'string' ? name : null;
}

function read(document: Value): Signed | null {
  if (!isObject(document)) return null;
  const { answers, language, form_sha256: formSha256, summary_sha256: summarySha256 } = document;
  if (answers === undefined || !isObject(answers)) return null;
  return {
    answers,
    language: language === 'en' ? 'en' : 'vi',
    summarySha256: summarySha256 ?? null,
    published: typeof formSha256 === 'string' ? publishedOf(record('form', formSha256).value) : null,
  };
}

function plain(value: Value): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
