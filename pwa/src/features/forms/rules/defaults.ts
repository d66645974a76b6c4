/** What a draft, or a row of a repeat, begins with. `defaults.py` is its twin. */
import { evaluate as valueOf, parse } from '../expressions/expression.ts';
import { type Row, string } from '../expressions/values.ts';
import { empty, isPlain, memberOf, textOf, typed } from './answers.ts';
import type { Asking, Moment } from './asking.ts';
import { evaluate } from './evaluation.ts';
import type { Answer, Answers, Form, Question } from './form.ts';
import { dynamicOf, isComputed, isOnce, structureOf } from './structure.ts';

/**
 * What a new draft begins with, outside repeats: `fill`, which is known, goes before defaults. Defaults that
 * expressions give, and `once(...)`, see what stands before them in the order of evaluation.
 */
export function defaults(form: Form, at: Moment, seed = '', fill: Answers = {}): Record<string, Answer> {
  const { repeats } = structureOf(form);
  const questions = ordered(form).filter(({ name }) => repeats.get(name)?.length === 0);
  const begun = new Map(Object.entries(fill) as [string, Answer][]);
  beginLiterally(form, questions, begun);
  const { asking } = evaluate(form, Object.fromEntries(begun), at, seed);
  return begin(form, questions, begun, asking, []);
}

/** What a row of a repeat begins with; `answers` are those of the whole draft, `row` is its place in them. */
export function rowDefaults(form: Form, answers: Answers, row: Row, at: Moment, seed = ''): Record<string, Answer> {
  const inside = structureOf(form).within.get(row.at(-1)?.[0] ?? '') ?? [];
  const questions = ordered(form).filter(({ name }) => inside.includes(name));
  const begun = new Map<string, Answer>();
  beginLiterally(form, questions, begun);
  const { asking } = evaluate(form, withRow(answers, row, Object.fromEntries(begun)), at, seed);
  return begin(form, questions, begun, asking, row);
}

function ordered(form: Form): Question[] {
  const { order, questions } = structureOf(form);
  return order.flatMap((name) => questions.get(name) ?? []);
}

function beginLiterally(form: Form, questions: readonly Question[], begun: Map<string, Answer>): void {
  for (const question of questions) {
    const { name, default: value } = question;
    if (value === undefined || isPlain(value) || isComputed(question) || begun.has(name)) continue;
    const answer = typeof value === 'string' ? typed(form, question, value) : (value as Answer);
    if (answer !== undefined && !empty(answer)) begun.set(name, answer);
  }
}

function begin(
  form: Form,
  questions: readonly Question[],
  begun: Map<string, Answer>,
  asking: Asking,
  row: Row,
): Record<string, Answer> {
  const prefix = row.map(([repeat, number]) => `${repeat}[${number}]/`).join('');
  for (const question of questions) {
    const expression = isOnce(question) ? question.calculation : isComputed(question) ? undefined : dynamicOf(question);
    if (expression === undefined || begun.has(question.name)) continue;
    const path = prefix + question.name;
    const answer = typed(form, question, string(valueOf(parse(expression), asking.scope(row, path))));
    if (answer === undefined || empty(answer)) continue;
    begun.set(question.name, answer);
    if (asking.texts.has(path)) asking.texts.set(path, textOf(answer));
  }
  return Object.fromEntries(begun);
}

function withRow(answers: Answers, row: Row, begun: Answers): Answers {
  const [first, ...rest] = row;
  if (first === undefined) return { ...answers, ...begun };
  const [repeat, number] = first;
  const given = memberOf(answers, repeat);
  const rows: unknown[] = Array.isArray(given) ? [...(given as unknown[])] : [];
  while (rows.length < number) rows.push({});
  const own = rows[number - 1];
  rows[number - 1] = withRow(isPlain(own) ? own : {}, rest, begun);
  return { ...answers, [repeat]: rows };
}
