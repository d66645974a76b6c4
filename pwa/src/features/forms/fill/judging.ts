/** What the rules of a form say about a draft on this phone. */
import { now } from '../../../data/clock.ts';
import type { Value } from '../../../sync/canonical.ts';
import type { Answers, Form, Language, Text } from '../rules/form.ts';
import { nested } from '../rules/registers.ts';
import type { Rows } from '../rules/registers.ts';
import { cityMoment, evaluate } from '../rules/rules.ts';
import type { Evaluation, Moment } from '../rules/rules.ts';
import { countingRows } from './place.ts';
import type { Place } from './place.ts';

export interface Judgement {
  readonly answers: Answers;
  /** Every row that counts. */
  readonly rows: Rows;
  readonly evaluation: Evaluation;
  readonly at: Moment;
}

/** Judge what a draft holds as of now. `draft` is its id. */
export function judge(form: Form, values: Readonly<Record<string, Value>>, draft: string): Judgement {
  const at = cityMoment(now());
  const { answers, rows } = nested(form, values);
  const evaluation = evaluate(form, answers, at, draft);
  return { answers, rows: countingRows(evaluation.rows, rows), evaluation, at };
}

/** Return a text of the form with the answers in it that it names; `before` is what stands before the path of the asker. */
export function says(
  { form, evaluation, language }: { form: Form; evaluation: Evaluation; language: Language },
  text: Text,
  before: string,
): string {
  void form;
  void evaluation;
  void before;
  return text[language] || text.vi;
}

/** Return what a new row begins with, by key of the draft. */
export function beginRow(_given: unknown, _place: Place): Record<string, Value> {
  return {};
}
