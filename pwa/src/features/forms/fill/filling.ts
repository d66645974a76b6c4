/** A draft together with its form, judged as of now: what the screens of filling share. */
import { record, records } from '../../../data/records.ts';
import type { RecordView } from '../../../data/records.ts';
import { language } from '../../../text/index.ts';
import type { Form, Language } from '../rules/form.ts';
import { judge } from './judging.ts';
import type { Judgement } from './judging.ts';
import { catalogue, publishedOf } from './model.ts';
import { unsettledKeys, withRows } from '../share/model.ts';
import { toSettle } from './progress.ts';
import type { Edit } from './typing.ts';

export interface Filling extends Judgement {
  readonly view: RecordView;
  readonly form: Form;
  readonly sha256: string;
  /** The hash of the version that has taken the place of this one; null while this one is current. */
  readonly newer: string | null;
  /** Paths of questions that hold two answers, and of rows that were removed here and edited there. */
  readonly unsettled: readonly string[];
  readonly language: Language;
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
  const judgement = judge(form, withRows(view), id);
  const unsettled = toSettle(unsettledKeys(view), judgement.rows, judgement.evaluation.relevant);
  return { view, form, sha256, newer, unsettled, language: language.value, ...judgement };
}

/** Return the same draft as it would be judged with what is typed right now. */
export function retyped(given: Filling, edits: Readonly<Record<string, Edit>>): Filling {
  const typed = Object.entries(edits).map(([key, { value }]) => [key, value] as const);
  if (typed.length === 0) return given;
  const values = { ...withRows(given.view), ...Object.fromEntries(typed) };
  return { ...given, ...judge(given.form, values, given.view.id) };
}
