/**
 * What answers to a form mean: which questions apply, which are required, what is wrong. `rules.py` is its twin.
 *
 * A question whose condition, or whose page's, is not met does not apply, and its answer counts as empty everywhere.
 * This is decided in one pass in the order of the document: a condition refers to earlier questions only.
 */
import { holds } from '../expressions/expression.ts';
import type { Answer, Answers, Form, Question } from './form.ts';
import { days, type Scope } from '../expressions/functions.ts';

export type AnswerCode =
  | 'answer_unknown'
  | 'answer_type'
  | 'answer_required'
  | 'answer_constraint'
  | 'answer_irrelevant'
  | 'answer_choice';

/** Which pages and questions apply, which of these need an answer, and the problem of each question that has one. */
export interface Evaluation {
  readonly pages: readonly string[];
  readonly relevant: ReadonlySet<string>;
  readonly required: ReadonlySet<string>;
  readonly problems: ReadonlyMap<string, AnswerCode>;
}

export interface Finding {
  readonly name: string;
  readonly code: AnswerCode;
}

// Control characters, line separators and direction marks: with them a signed text could look other than it is.
// eslint-disable-next-line no-control-regex
const CONTROL = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/;

const questionsOf = (form: Form): Question[] => form.pages.flatMap((page) => page.questions);
const answerOf = (answers: Answers, name: string): unknown =>
  Object.hasOwn(answers, name) ? answers[name] : undefined;

/** Judge answers at any stage of filling; `today` is the local date `YYYY-MM-DD`. */
export function evaluate(form: Form, answers: Answers, today: string): Evaluation {
  const texts = new Map<string, string>();
  const pages: string[] = [];
  const scope = (own: string): Scope => ({ answers: texts, today, this: own });
  for (const page of form.pages) {
    if (!holds(page.relevant, scope(''))) continue;
    const before = texts.size;
    for (const question of page.questions)
      if (holds(question.relevant, scope('')))
        texts.set(question.name, question.type === 'note' ? '' : textOf(answerOf(answers, question.name)));
    if (texts.size > before) pages.push(page.name);
  }
  const required = new Set<string>();
  const problems = new Map<string, AnswerCode>();
  for (const question of questionsOf(form)) {
    const text = texts.get(question.name);
    if (text === undefined) continue;
    const { required: condition, name } = question;
    if (condition === true || (condition !== undefined && holds(condition, scope(text)))) required.add(name);
    const problem = problemOf(form, question, answerOf(answers, name), required.has(name), scope(text));
    if (problem) problems.set(name, problem);
  }
  return { pages, relevant: new Set(texts.keys()), required, problems };
}

/** Judge a submission: beyond `evaluate`, no answer may be unknown, irrelevant or empty. Nothing found is good. */
export function check(form: Form, answers: Answers, today: string): Finding[] {
  const { relevant, problems } = evaluate(form, answers, today);
  const names = questionsOf(form).flatMap(({ name, type }) => (type === 'note' ? [] : [name]));
  const findings = names.flatMap((name): Finding[] => {
    const given = Object.hasOwn(answers, name);
    let code = problems.get(name);
    if (given && !relevant.has(name)) code = 'answer_irrelevant';
    else if (given && !code && empty(answers[name])) code = 'answer_type';
    return code ? [{ name, code }] : [];
  });
  const unknown = Object.keys(answers).filter((name) => !names.includes(name));
  return [...findings, ...unknown.sort().map((name): Finding => ({ name, code: 'answer_unknown' }))];
}

/** The answers that a signed document carries: of questions that apply, and not empty. */
export function cleaned(form: Form, answers: Answers, today: string): Record<string, Answer> {
  const { relevant } = evaluate(form, answers, today);
  const kept = questionsOf(form).flatMap(({ name, type }): [string, Answer][] => {
    const answer = answerOf(answers, name);
    return relevant.has(name) && type !== 'note' && !empty(answer) ? [[name, answer as Answer]] : [];
  });
  return Object.fromEntries(kept);
}

/** Whether nothing was answered: no value, no choice, or text of white space only (XPath's four characters). */
export const empty = (answer: unknown): boolean =>
  answer === undefined ||
  answer === null ||
  (Array.isArray(answer) && answer.length === 0) ||
  (typeof answer === 'string' && !/[^ \t\r\n]/.test(answer));

/** An answer as an XForms instance holds it; a value that is no answer of any type counts as empty. */
export function textOf(answer: unknown): string {
  if (typeof answer === 'string') return empty(answer) ? '' : answer;
  if (isNames(answer)) return answer.join(' ');
  return Number.isSafeInteger(answer) ? String(answer) : '';
}

const isNames = (answer: unknown): answer is string[] =>
  Array.isArray(answer) && answer.every((name) => typeof name === 'string');

type Problem = AnswerCode | undefined;

function problemOf(form: Form, question: Question, answer: unknown, needed: boolean, scope: Scope): Problem {
  if (question.type === 'note') return undefined;
  if (empty(answer)) return needed ? 'answer_required' : undefined;
  return typeProblem(form, question, answer) ?? (holds(question.constraint, scope) ? undefined : 'answer_constraint');
}

function typeProblem(form: Form, question: Question, answer: unknown): Problem {
  const choices = form.choices[question.choices ?? ''] ?? [];
  if (question.type === 'select_multiple') {
    if (!isNames(answer)) return 'answer_type';
    const inOrder = choices.filter(({ name }) => answer.includes(name));
    return inOrder.length === answer.length && inOrder.every(({ name }, index) => name === answer[index])
      ? undefined
      : 'answer_choice';
  }
  if (question.type === 'select_one' && typeof answer === 'string')
    return choices.some(({ name }) => name === answer) ? undefined : 'answer_choice';
  return fits(question, answer) ? undefined : 'answer_type';
}

function fits({ type, appearance }: Question, answer: unknown): boolean {
  if (type === 'integer') return Number.isSafeInteger(answer);
  if (typeof answer !== 'string') return false;
  if (type === 'date') return days(answer) !== undefined;
  if (type === 'decimal') return /^-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,15})?$/.test(answer);
  return !CONTROL.test(answer) && (appearance === 'multiline' || !answer.includes('\n'));
}
