/**
 * Single answers: when they are empty, their text in expressions, and whether they fit a question. `answers.py` is its
 * twin. Times are `HH:MM`, moments `YYYY-MM-DDTHH:MM` in the form's zone, places `lat lon alt acc`.
 */
import { days } from '../expressions/dates.ts';
import type { Answer, Choice, FileAnswer, Form, Question } from './form.ts';
import { structureOf } from './structure.ts';

export type AnswerCode =
  | 'answer_unknown'
  | 'answer_type'
  | 'answer_required'
  | 'answer_constraint'
  | 'answer_irrelevant'
  | 'answer_choice'
  | 'answer_calculation'
  | 'answer_rows'
  | 'answer_file';
export type Keeps = (choice: Choice) => boolean;

const DECIMAL = /^-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,15})?$/;
const INTEGER = /^-?[0-9]{1,16}$/;
const TIME = /^([01][0-9]|2[0-3]):[0-5][0-9]$/;
const PLACE =
  /^(-?[0-9]{1,3}(?:\.[0-9]{1,15})?) (-?[0-9]{1,3}(?:\.[0-9]{1,15})?)(?: -?[0-9]{1,5}(?:\.[0-9]{1,15})?){2}$/;
/** Bytes of a file. */
const LARGEST = 10 ** 10;
const SHA256 = /^[0-9a-f]{64}$/;
const MIME = /^[a-z0-9][a-z0-9.+-]{0,62}\/[a-z0-9][a-z0-9.+-]{0,62}$/;
// Control characters, line separators and direction marks: with them a signed text could look other than it is.
// eslint-disable-next-line no-control-regex
const CONTROL = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/;
const WORD = /[^ \t\r\n]+/g;

/** Whether nothing was answered: no value, no choice, or text of white space only (XPath's four characters). */
export const empty = (answer: unknown): boolean =>
  answer === undefined ||
  answer === null ||
  (Array.isArray(answer) && answer.length === 0) ||
  (typeof answer === 'string' && !/[^ \t\r\n]/.test(answer));

/** An answer as an XForms instance holds it, a file as its name; a value that is no answer of any type is empty. */
export function textOf(answer: unknown): string {
  if (typeof answer === 'string') return empty(answer) ? '' : answer;
  if (typeof answer === 'number') return Number.isSafeInteger(answer) ? String(answer) : '';
  if (isNames(answer)) return answer.join(' ');
  const name = isPlain(answer) ? memberOf(answer, 'name') : undefined;
  return typeof name === 'string' ? name : '';
}

/** Return the answer that a text is, as a calculation or a default gives it; undefined for the empty text. */
export function typed(form: Form, question: Question, text: string): Answer | undefined {
  if (empty(text)) return undefined;
  if (question.type === 'rank') return text.match(WORD) ?? [];
  if (question.type === 'select_multiple') {
    const words = new Set(text.match(WORD));
    const listed = [...choicesBy(form, question).keys()].filter((name) => words.delete(name));
    return [...listed, ...words];
  }
  if (question.type === 'integer' || (question.type === 'range' && isWhole(question)))
    return INTEGER.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) + 0 : text;
  return question.type === 'decimal' || question.type === 'range' ? asDecimal(text) : text;
}

/** A number that was computed, with as many decimals as an answer can have; another text as it is. */
function asDecimal(text: string): string {
  const [, whole = '', rest] = /^(-?[0-9]+)\.([0-9]+)$/.exec(text) ?? [];
  if (rest === undefined) return text;
  const kept = rest.slice(0, 15).replace(/0+$/, '');
  return kept === '' ? whole : `${whole}.${kept}`;
}

/** Return what is wrong with the type of an answer that is not empty; `keeps` says which choices are offered. */
export function fault(form: Form, question: Question, answer: unknown, keeps: Keeps): AnswerCode | undefined {
  switch (question.type) {
    case 'select_one': {
      if (typeof answer !== 'string') return 'answer_type';
      const choice = choicesBy(form, question).get(answer);
      return choice !== undefined && keeps(choice) ? undefined : 'answer_choice';
    }
    case 'select_multiple':
    case 'rank':
      return severalFault(form, question, answer, keeps);
    case 'image':
    case 'file':
    case 'audio':
      return isFile(answer) && (question.type === 'file' || answer.type.startsWith(`${question.type}/`))
        ? undefined
        : 'answer_file';
    case 'range':
      return rangeFault(question, answer);
    case 'integer':
      return Number.isSafeInteger(answer) ? undefined : 'answer_type';
    default:
      return typeof answer === 'string' && fits(question, answer) ? undefined : 'answer_type';
  }
}

/** Whether an answer is `{name, type, len, sha256}`: what stands for an attachment. */
export function isFile(answer: unknown): answer is FileAnswer {
  if (!isPlain(answer) || Object.keys(answer).sort().join() !== 'len,name,sha256,type') return false;
  const { name, type, len, sha256 } = answer;
  if (typeof name !== 'string' || name.length > 200 || /[/\n\t]/.test(name) || empty(name) || CONTROL.test(name))
    return false;
  const sized = typeof len === 'number' && Number.isSafeInteger(len) && len > 0 && len <= LARGEST;
  return sized && typeof type === 'string' && MIME.test(type) && typeof sha256 === 'string' && SHA256.test(sha256);
}

/** Whether the answers to a range are integers: its start and step are. */
export const isWhole = ({ parameters }: Question): boolean =>
  ['start', 'step'].every((name) => INTEGER.test(String(parameters?.[name] ?? '')));

/** A decimal number times 10^15, exactly. */
export function scaled(decimal: string): bigint {
  const [units = '', rest = ''] = decimal.replace('-', '').split('.');
  const size = BigInt(units + rest.padEnd(15, '0'));
  return decimal.startsWith('-') ? -size : size;
}

export const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A member of an object's own; what any object has by birth is none. */
export const memberOf = (of: Readonly<Record<string, unknown>>, name: string): unknown =>
  Object.hasOwn(of, name) ? of[name] : undefined;

/** The answer at a path of nested answers, such as `children[2]/name`. */
export function answerAt(answers: Readonly<Record<string, unknown>>, path: string): unknown {
  let at: unknown = answers;
  for (const step of path.split('/')) {
    const [, name = step, number] = /^(.*)\[(\d+)\]$/.exec(step) ?? [];
    at = isPlain(at) ? memberOf(at, name) : undefined;
    if (number !== undefined) at = Array.isArray(at) ? (at as unknown[])[Number(number) - 1] : undefined;
  }
  return at;
}

const isNames = (answer: unknown): answer is string[] =>
  Array.isArray(answer) && answer.every((name) => typeof name === 'string');

const choicesBy = (form: Form, { choices = '' }: Question): ReadonlyMap<string, Choice> =>
  structureOf(form).choices.get(choices) ?? new Map<string, Choice>();

function fits({ type, appearance }: Question, answer: string): boolean {
  switch (type) {
    case 'date':
      return days(answer) !== undefined;
    case 'time':
      return TIME.test(answer);
    case 'datetime':
      return answer[10] === 'T' && days(answer.slice(0, 10)) !== undefined && TIME.test(answer.slice(11));
    case 'decimal':
      return DECIMAL.test(answer);
    case 'geopoint': {
      const place = PLACE.exec(answer);
      return place !== null && Math.abs(Number(place[1])) <= 90 && Math.abs(Number(place[2])) <= 180;
    }
    case 'acknowledge':
      return answer === 'OK';
    default:
      return !CONTROL.test(answer) && (appearance === 'multiline' || !answer.includes('\n'));
  }
}

function severalFault(form: Form, question: Question, answer: unknown, keeps: Keeps): AnswerCode | undefined {
  if (!isNames(answer)) return 'answer_type';
  const choices = [...choicesBy(form, question).values()];
  const right =
    question.type === 'rank'
      ? same(choices.filter(keeps).map(({ name }) => name).sort(), answer.toSorted())
      : same(choices.filter((choice) => answer.includes(choice.name) && keeps(choice)).map(({ name }) => name), answer);
  return right ? undefined : 'answer_choice';
}

const same = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((name, index) => name === b[index]);

function rangeFault(question: Question, answer: unknown): AnswerCode | undefined {
  const fitting = isWhole(question)
    ? Number.isSafeInteger(answer)
    : typeof answer === 'string' && DECIMAL.test(answer);
  if (!fitting) return 'answer_type';
  const bound = (name: string): bigint => scaled(String(question.parameters?.[name] ?? 0));
  const [start, step, value] = [bound('start'), bound('step'), scaled(String(answer))];
  const within = start <= value && value <= bound('end') && step !== 0n && (value - start) % step === 0n;
  return within ? undefined : 'answer_choice';
}
