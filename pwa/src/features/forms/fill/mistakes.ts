/** What is wrong with an answer, in words. */
import { text } from '../../../text/index.ts';
import type { Key } from '../../../text/index.ts';
import type { Question } from '../rules/form.ts';
import { nameOf } from '../rules/rules.ts';
import type { AnswerCode } from '../rules/rules.ts';
import { isQuestion, structureOf } from '../rules/structure.ts';
import type { Filling } from './filling.ts';
import { says } from './judging.ts';
import { placeOfPath } from './place.ts';
import { rowName } from './rowname.ts';
import { rangeOf, writtenDecimal } from './typed.ts';

/**
 * Return the message for the problem at a path. `named` puts the question before it, and its row unless that is `here`,
 * what stands before the paths of the screen.
 */
export function mistakeText(given: Filling, path: string, { named = false, here = '' } = {}): string {
  const { form, evaluation, language } = given;
  const code = evaluation.problems.get(path);
  const part = structureOf(form).parts.get(nameOf(path));
  if (code === undefined || part === undefined) return '';
  const before = path.slice(0, path.lastIndexOf('/') + 1);
  const own = isQuestion(part) ? ownMessage(part, code) : undefined;
  const example = writtenDecimal('12.5', language);
  const params = isQuestion(part) && part.type === 'range' ? rangeParams(part, language) : { example };
  const key = isQuestion(part) ? mistakeKey(part, code) : 'mistake.rows';
  const message = own === undefined ? text(key, params) : says(given, own, before);
  if (!named) return message;
  const label = part.label === undefined ? part.name : says(given, part.label, before);
  const place = placeOfPath(form, given.rows, path);
  const row = place === null ? '' : rowName(given, place);
  return row === '' || before === here ? `${label}: ${message}` : `${row}, ${label}: ${message}`;
}

function ownMessage(question: Question, code: AnswerCode): Question['constraint_message'] {
  if (code === 'answer_constraint') return question.constraint_message;
  return code === 'answer_required' ? question.required_message : undefined;
}

function rangeParams(question: Question, language: 'vi' | 'en'): Record<string, string> {
  const write = (value: number) => writtenDecimal(String(value), language);
  const { start, end, step } = rangeOf(question);
  return { start: write(Math.min(start, end)), end: write(Math.max(start, end)), step: write(step) };
}

/** Return the text for what is wrong with an answer; a question's own message comes before it. */
export function mistakeKey({ type }: Question, code: AnswerCode): Key {
  switch (code) {
    case 'answer_required':
      return REQUIRED[type] ?? 'mistake.required';
    case 'answer_type':
      return TYPE[type] ?? 'mistake.text';
    case 'answer_choice':
      return type === 'range' ? 'mistake.range' : type === 'rank' ? 'mistake.rank' : 'mistake.choice';
    case 'answer_file':
      return 'mistake.file';
    case 'answer_rows':
      return 'mistake.rows';
    case 'answer_calculation':
      return 'mistake.calculation';
    default:
      return 'mistake.constraint';
  }
}

const REQUIRED: Readonly<Partial<Record<Question['type'], Key>>> = {
  select_one: 'mistake.choose',
  select_multiple: 'mistake.choose',
  rank: 'mistake.rank',
  acknowledge: 'mistake.acknowledge',
  image: 'mistake.file.missing',
  file: 'mistake.file.missing',
  audio: 'mistake.file.missing',
};
const TYPE: Readonly<Partial<Record<Question['type'], Key>>> = {
  date: 'mistake.date',
  time: 'mistake.time',
  datetime: 'mistake.datetime',
  integer: 'mistake.integer',
  decimal: 'mistake.decimal',
  range: 'mistake.range',
  geopoint: 'mistake.geopoint',
  acknowledge: 'mistake.acknowledge',
};
