/** A draft together with its form, judged as of now: what the screens of filling share. */
import { now } from '../../../data/clock.ts';
import { record, records } from '../../../data/records.ts';
import type { RecordView } from '../../../data/records.ts';
import type { Answers, Form } from '../rules/form.ts';
import { answersOf, catalogue, cityDate, publishedOf, toSettle } from './model.ts';
import { evaluate } from '../rules/rules.ts';
import type { Evaluation } from '../rules/rules.ts';

export interface Filling {
  view: RecordView;
  form: Form;
  sha256: string;
  /** The hash of the version that has taken the place of this one; null while this one is current. */
  newer: string | null;
  answers: Answers;
  evaluation: Evaluation;
  today: string;
  /** Names of questions that hold two answers. */
  unsettled: string[];
}

/** Read a draft and its form: null when either is not on this phone. Subscribes the screen to both. */
export function filling(id: string): Filling | null {
  const view = record('draft', id).value;
  const pinned = view?.values.form_sha256;
  if (view === undefined || typeof pinned !== 'string' || view.values.removed === true) return null;
  const published = publishedOf(record('form', pinned).value);
  if (published === null) return null;
  const { form, sha256, superseded } = published;
  const newest = catalogue(records('form').value).find((each) => each.form.code === form.code);
  const newer = superseded ? (newest?.sha256 ?? null) : null;
  const answers = answersOf(view.values);
  const today = cityDate(now());
  const evaluation = evaluate(form, answers, today);
  const unsettled = toSettle(form, view, evaluation.relevant);
  return { view, form, sha256, newer, answers, evaluation, today, unsettled };
}
