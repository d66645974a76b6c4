/**
 * A draft as a file, `motcua-draft/1`: to keep it elsewhere, or to hand it on. Pure; `takeaway.ts` reads and writes it.
 *
 * JSON: `{typ, procedure, version, form_sha256, language, saved_at, answers, files}`. `answers` are nested, a repeat's
 * as a list of rows; `files` are the attachments that they name, in base64 by SHA-256.
 */
import type { Value } from '../../../sync/canonical.ts';
import { empty, fault, isFile, isPlain, memberOf } from '../rules/answers.ts';
import type { Answers, FileAnswer, Form, Language, Question, Repeat } from '../rules/form.ts';
import { ANSWER, countedId, rowId } from '../rules/registers.ts';
import { isComputed, isRepeat, structureOf, takesAnswer } from '../rules/structure.ts';

export const TYP = 'motcua-draft/1';
/** More than all attachments of a form that anybody fills by hand, in characters. */
export const LARGEST = 150_000_000;
const ROWS = 100;
const ANSWERS = 5000;
const SHA256 = /^[0-9a-f]{64}$/;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** Why a file is not taken at all. */
export type Refusal = 'large' | 'json' | 'other' | 'newer' | 'shape' | 'many';

export interface DraftFile {
  readonly procedure: string;
  readonly version: string;
  readonly form_sha256: string;
  readonly language: Language;
  readonly answers: Answers;
  readonly files: Readonly<Record<string, string>>;
}

/** What did not come over, and why: the form does not ask it (now), it is no answer to it, or its file is not there. */
export interface Misfit {
  readonly path: string;
  readonly why: 'unknown' | 'answer' | 'rows' | 'file';
}

/** What a draft is to hold: `values` by register; those in `files` once their file is kept on this phone. */
export interface Taken {
  readonly values: Readonly<Record<string, Value>>;
  readonly files: readonly { key: string; path: string; answer: FileAnswer; base64: string }[];
  readonly misfits: readonly Misfit[];
}

/** Read the text of a file. Whatever it holds, it costs no more than its length. */
export function read(text: string): DraftFile | Refusal {
  if (text.length > LARGEST) return 'large';
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return 'json';
  }
  if (!isPlain(data) || typeof data.typ !== 'string' || !data.typ.startsWith('motcua-draft/')) return 'other';
  if (data.typ !== TYP) return 'newer';
  const { procedure, version, form_sha256: form, language, answers, files } = data;
  const named = typeof procedure === 'string' && /^[a-z][a-z0-9-]{0,63}$/.test(procedure);
  if (!named || typeof version !== 'string' || typeof form !== 'string' || !SHA256.test(form)) return 'shape';
  if (!isPlain(answers) || !isPlain(files)) return 'shape';
  const kept = Object.entries(files);
  if (!kept.every(([name, data64]) => SHA256.test(name) && isBase64(data64))) return 'shape';
  return {
    ...{ procedure, version, form_sha256: form, language: language === 'en' ? 'en' : 'vi', answers },
    files: Object.fromEntries(kept) as Record<string, string>,
  };
}

/** Find a place in `form` for what a file holds. `now` and `random` (12 bytes each) make the ids of rows. */
export function take(
  form: Form,
  { answers, files }: Pick<DraftFile, 'answers' | 'files'>,
  parts: { now: number; random: () => Uint8Array },
): Taken | Refusal {
  const { within, parts: items } = structureOf(form);
  const values: Record<string, Value> = {};
  const attached: Taken['files'][number][] = [];
  const misfits: Misfit[] = [];
  const answer = (question: Question, given: unknown, path: string, key: string): void => {
    if (isComputed(question) || empty(given)) return;
    if (fault(form, question, given, () => true) !== undefined) misfits.push({ path, why: 'answer' });
    else if (!isFile(given)) values[key] = given as Value;
    else {
      const base64 = memberOf(files, given.sha256);
      if (typeof base64 === 'string') attached.push({ key, path, answer: given, base64 });
      else misfits.push({ path, why: 'file' });
    }
  };
  const rows = (repeat: Repeat, given: unknown, path: string, tail: string): void => {
    if (!Array.isArray(given) || given.length > ROWS) return void misfits.push({ path, why: 'rows' });
    const ids: string[] = [];
    for (const [index, row] of given.entries()) {
      const at = `${path}[${index + 1}]`;
      if (!isPlain(row)) misfits.push({ path: at, why: 'rows' });
      else {
        const id = repeat.count === undefined ? rowId(parts.now, parts.random(), ids) : countedId(index + 1);
        ids.push(id);
        if (repeat.count === undefined) values[`row/${tail}/${id}`] = true;
        level(repeat.name, row, `${at}/`, `${tail}/${id}/`);
      }
    }
  };
  const level = (repeat: string, given: Answers, path: string, tail: string): void => {
    const names = new Set(within.get(repeat));
    for (const [name, value] of Object.entries(given)) {
      const item = names.has(name) ? items.get(name) : undefined;
      if (item === undefined || !takesAnswer(item)) misfits.push({ path: path + name, why: 'unknown' });
      else if (isRepeat(item)) rows(item, value, path + name, tail + name);
      else answer(item, value, path + name, `${ANSWER}${tail}${name}`);
    }
  };
  level('', answers, '', '');
  return Object.keys(values).length + attached.length > ANSWERS ? 'many' : { values, files: attached, misfits };
}

/** Return every file that answers name, each once. */
export function filesOf(answers: unknown): FileAnswer[] {
  const found = new Map<string, FileAnswer>();
  const look = (part: unknown): void => {
    if (isFile(part)) found.set(part.sha256, part);
    else if (Array.isArray(part)) part.forEach(look);
    else if (isPlain(part)) Object.values(part).forEach(look);
  };
  look(answers);
  return [...found.values()];
}

function isBase64(text: unknown): boolean {
  return typeof text === 'string' && text.length % 4 === 0 && BASE64.test(text);
}
