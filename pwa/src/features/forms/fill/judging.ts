/** What the rules of a form say about a draft on this phone. */
import { now } from '../../../data/clock.ts';
import type { Value } from '../../../sync/canonical.ts';
import type { Answers, Form, Language, Text } from '../rules/form.ts';
import { rowDefaults } from '../rules/defaults.ts';
import { nested } from '../rules/registers.ts';
import type { Rows } from '../rules/registers.ts';
import { cityMoment, evaluate } from '../rules/rules.ts';
import type { Evaluation, Moment } from '../rules/rules.ts';
import { interpolated } from '../rules/wording.ts';
import { ANSWER } from './model.ts';
import { countingRows, keysWithin } from './place.ts';
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

/** Return a text of the form with the answers in it that it names, as the part at `path` sees them. */
export function says(
  { form, evaluation, language }: { form: Form; evaluation: Evaluation; language: Language },
  text: Text,
  path: string,
): string {
  return interpolated(text, form, evaluation, path, language) || text.vi;
}

/** Return what a row that has just been added begins with, by key of the draft. */
export function beginRow(
  { form, answers, at }: Judgement & { form: Form },
  place: Place,
  draft: string,
): Record<string, Value> {
  const row = place.trail.map(({ repeat, n }) => [repeat.name, n] as const);
  const begun = Object.entries(rowDefaults(form, answers, row, at, draft));
  return Object.fromEntries(begun.map(([name, value]) => [`${ANSWER}${keysWithin(place)}${name}`, value as Value]));
}
