/** What the screens of forms know without a screen. */
import type { RecordView } from '../../../data/records.ts';
import { isObject } from '../../../sync/canonical.ts';
import type { Value } from '../../../sync/canonical.ts';
import type { Known } from '../known/sources.ts';
import { READABLE } from '../rules/form.ts';
import type { Form, Language } from '../rules/form.ts';
import type { Evaluation } from '../rules/rules.ts';

export const ANSWER = 'answer/';
/** Whether a row of a repeat is there. */
export const ROW = 'row/';
/** Where an answer came from that nobody had to give; null once somebody changed it. */
export const FROM = 'from/';

/** A version of a form as its unit published it. */
export interface Published {
  form: Form;
  sha256: string;
  /** A newer version has taken its place in the catalogue. */
  superseded: boolean;
}

/** Read a `form` record; null for none, or one of a format that this version of the app doesn't know. */
export function publishedOf(view: RecordView | undefined): Published | null {
  const form = view?.values.form;
  if (view === undefined || form === undefined || !isObject(form) || typeof form.form !== 'string') return null;
  if (!READABLE.includes(form.form)) return null;
  return { form: form as unknown as Form, sha256: view.id, superseded: view.values.superseded_at !== undefined };
}

/** Return the versions that stand in the catalogue, one a procedure. */
export function catalogue(views: readonly RecordView[]): Published[] {
  return views.flatMap((view) => publishedOf(view) ?? []).filter(({ superseded }) => !superseded);
}

/** Return whether this draft is one's own, not one that somebody shares; one that has just begun is. */
export function isOwn({ values }: Pick<RecordView, 'values'>, person: string | undefined): boolean {
  return values.owner === undefined || values.owner === person;
}

/** A person's own drafts that are still being written, the latest begun first. */
export function openDrafts(views: readonly RecordView[], person: string | undefined): RecordView[] {
  return views
    .filter((view) => isOwn(view, person))
    .filter(({ values }) => typeof values.procedure === 'string' && values.submission === undefined)
    .filter(({ values }) => values.removed !== true)
    .reverse();
}

/** Return the page after `name` among those that apply; undefined when it is the last. */
export function pageAfter(evaluation: Evaluation, name: string): string | undefined {
  return evaluation.pages[evaluation.pages.indexOf(name) + 1];
}

/** Return what a new draft begins with: its owner first, as the server demands, and what is known already. */
export function newDraft(
  { form, sha256 }: Published,
  person: { id: string },
  language: Language,
  known: ReadonlyMap<string, Known>,
): Record<string, Value> {
  return {
    owner: person.id,
    procedure: form.code,
    form_sha256: sha256,
    language,
    ...Object.fromEntries([...known].map(([name, { value }]) => [ANSWER + name, value])),
    ...Object.fromEntries([...known].map(([name, { source }]) => [FROM + name, source])),
  };
}

/** Return the date in the city at `ms`, as `YYYY-MM-DD`: a form's `today()`. */
export function cityDate(ms: number): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Ho_Chi_Minh' }).format(ms);
}
