/**
 * What answers to a form mean: how a submission is judged, and what of a draft is signed. `rules.py` is its twin.
 *
 * Answers have paths: `name`, in rows `children[2]/name`, `children[2]/toys[1]/title`; a row is `children[2]`.
 */
import { type AnswerCode, empty, isFile, isPlain, memberOf, typed } from './answers.ts';
import { type Moment, rowOf } from './asking.ts';
import { evaluate, type Evaluation } from './evaluation.ts';
import type { Answer, Answers, Choice, FileAnswer, Form, Question, Repeat, SignedAnswers } from './form.ts';
import { isComputed, isQuestion, isRepeat, structureOf, takesAnswer } from './structure.ts';

export { type AnswerCode, empty, textOf } from './answers.ts';
export { cityMoment, type Moment } from './asking.ts';
export { evaluate, type Evaluation } from './evaluation.ts';

/** Something wrong with a submission: the answer's path and a code of `server/errors.py`. */
export interface Finding {
  readonly name: string;
  readonly code: AnswerCode;
}

/**
 * Judge a submission: beyond `evaluate`, no answer may be unknown, irrelevant, empty or miscalculated. Findings stand
 * in the order of the form, unknown names last in their row. Nothing found is good.
 */
export function check(form: Form, answers: Answers, at: Moment, seed = ''): Finding[] {
  return [...findings(form, answers, evaluate(form, answers, at, seed), '', '')];
}

/**
 * The answers that a signed document carries: of questions that apply, computed ones too, and not empty. Rows stay
 * where they are, even empty ones; those beyond a repeat's count go.
 */
export function cleaned(form: Form, answers: Answers, at: Moment, seed = ''): SignedAnswers {
  return cleanedOf(form, answers, evaluate(form, answers, at, seed));
}

/** What `cleaned` gives, for answers that were evaluated already. */
export function cleanedOf(form: Form, answers: Answers, evaluation: Evaluation): SignedAnswers {
  return cleanedIn(form, answers, evaluation, '', '');
}

/** The choices that a question's filter leaves at a path, in the order of the list. */
export function choicesOf(form: Form, evaluation: Evaluation, path: string): readonly Choice[] {
  const question = structureOf(form).questions.get(nameOf(path));
  const listed = form.choices[question?.choices ?? ''] ?? [];
  if (question?.choice_filter === undefined) return listed;
  return listed.filter(evaluation.asking.keeps(question.choice_filter, rowOf(path), path));
}

/** The files that cleaned answers name, in the order of the form, each once. */
export function filesOf(form: Form, answers: Answers): Omit<FileAnswer, 'type'>[] {
  const { parts, within } = structureOf(form);
  const found = new Map<string, Omit<FileAnswer, 'type'>>();
  const read = (repeat: string, given: Answers): void => {
    for (const name of within.get(repeat) ?? []) {
      const part = parts.get(name);
      const answer = memberOf(given, name);
      if (part === undefined) continue;
      if (isRepeat(part)) for (const row of Array.isArray(answer) ? answer : []) read(name, isPlain(row) ? row : {});
      else if ('type' in part && ['image', 'file', 'audio'].includes(part.type) && isFile(answer)) {
        const { name: called, len, sha256 } = answer;
        if (!found.has(sha256)) found.set(sha256, { name: called, len, sha256 });
      }
    }
  };
  read('', answers);
  return [...found.values()];
}

/** The name of the question, group or repeat at a path. */
export const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1).replace(/\[\d+\]$/, '');

function* findings(
  form: Form,
  given: Answers,
  found: Evaluation,
  repeat: string,
  prefix: string,
): Generator<Finding, void> {
  const { parts, within } = structureOf(form);
  const known = (within.get(repeat) ?? []).flatMap((name) => {
    const part = parts.get(name);
    return part !== undefined && takesAnswer(part) ? [part] : [];
  });
  for (const part of known) {
    const path = prefix + part.name;
    if (isRepeat(part)) yield* rowFindings(form, part, given, found, path);
    else {
      const code = findingOf(form, part, given, found, path);
      if (code) yield { name: path, code };
    }
  }
  const names = new Set(known.map(({ name }) => name));
  const unknown = Object.keys(given).filter((name) => !names.has(name));
  for (const name of unknown.sort()) yield { name: prefix + name, code: 'answer_unknown' };
}

function findingOf(
  form: Form,
  question: Question,
  answers: Answers,
  found: Evaluation,
  path: string,
): AnswerCode | undefined {
  const given = Object.hasOwn(answers, question.name);
  const answer = memberOf(answers, question.name);
  if (given && !found.relevant.has(path)) return 'answer_irrelevant';
  if (isComputed(question) && found.relevant.has(path)) {
    const right = typed(form, question, found.computed.get(path) ?? '');
    if (given ? right === undefined || !same(answer, right) : right !== undefined) return 'answer_calculation';
  }
  const code = found.problems.get(path);
  return given && !code && empty(answer) ? 'answer_type' : code;
}

const same = (a: unknown, b: Answer): boolean =>
  a === b || (Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((each, at) => each === b[at]));

function* rowFindings(
  form: Form,
  repeat: Repeat,
  answers: Answers,
  found: Evaluation,
  path: string,
): Generator<Finding, void> {
  const given = Object.hasOwn(answers, repeat.name);
  const answer = memberOf(answers, repeat.name);
  const rows: readonly unknown[] = Array.isArray(answer) ? answer : [];
  if (!found.relevant.has(path)) {
    if (given) yield { name: path, code: 'answer_irrelevant' };
    return;
  }
  const count = found.rows.get(path) ?? 0;
  let code = found.problems.get(path);
  if (!code && given && rows.length === 0) code = 'answer_type';
  if (!code && rows.length !== count) code = 'answer_rows';
  if (code) yield { name: path, code };
  for (const [index, row] of rows.slice(0, count).entries()) {
    const here = `${path}[${index + 1}]`;
    if (isPlain(row)) yield* findings(form, row, found, repeat.name, `${here}/`);
    else yield { name: here, code: 'answer_type' };
  }
}

function cleanedIn(form: Form, given: Answers, found: Evaluation, repeat: string, prefix: string): SignedAnswers {
  const { parts, within } = structureOf(form);
  const kept: [string, Answer][] = [];
  for (const name of within.get(repeat) ?? []) {
    const part = parts.get(name);
    const path = prefix + name;
    if (part === undefined || !takesAnswer(part) || !found.relevant.has(path)) continue;
    const computed = found.computed.get(path);
    let answer: unknown = memberOf(given, name);
    if (isRepeat(part)) answer = cleanedRows(form, part, answer, found, path);
    else if (computed !== undefined && isQuestion(part)) answer = typed(form, part, computed);
    if (!empty(answer)) kept.push([name, answer as Answer]);
  }
  return Object.fromEntries(kept);
}

function cleanedRows(form: Form, repeat: Repeat, given: unknown, found: Evaluation, path: string): unknown {
  if (!Array.isArray(given) && !empty(given)) return given; // what is no list of rows stays a problem to see
  const rows: readonly unknown[] = Array.isArray(given) ? given : [];
  const count = found.rows.get(path) ?? 0;
  const kept = Array.from({ length: count }, (_, index) => {
    const row = rows[index];
    return cleanedIn(form, isPlain(row) ? row : {}, found, repeat.name, `${path}[${index + 1}]/`);
  });
  return repeat.count === undefined ? [...kept, ...rows.slice(count)] : kept;
}
