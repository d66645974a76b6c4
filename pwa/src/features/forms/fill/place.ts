/** Where a person is in a form: on a page, or in a row of a repeat, which has a screen of its own. */
import type { Form, Item, Page, Question, Repeat } from '../rules/form.ts';
import { countedId } from '../rules/registers.ts';
import type { Rows } from '../rules/registers.ts';

export interface Row {
  readonly repeat: Repeat;
  readonly id: string;
  /** The place among the rows, from 1. */
  readonly n: number;
  /** `children[2]` */
  readonly path: string;
}

export interface Place {
  readonly page: Page;
  /** The rows that one is in, outermost first; none on a page itself. */
  readonly trail: readonly Row[];
}

/** Return the place of an address: a page's name, then the name of a repeat and the id of its row, once a level. */
export function placeAt(form: Form, rows: Rows, name: string, steps: readonly string[]): Place | null {
  const page = form.pages.find((each) => each.name === name);
  if (page === undefined) return null;
  let place: Place = { page, trail: [] };
  for (let at = 0; at < steps.length; at += 2) {
    const repeat = repeatsOf(itemsOf(place)).find((each) => each.name === steps[at]);
    const row = repeat === undefined ? null : rowOf(place, repeat, rows, steps[at + 1] ?? '');
    if (row === null) return null;
    place = { page, trail: [...place.trail, row] };
  }
  return place;
}

/** Return what is asked at a place. */
export function itemsOf({ page, trail }: Place): readonly Item[] {
  return trail.at(-1)?.repeat.questions ?? page.questions;
}

/** Return what stands before a name in the paths of this place: `children[2]/`, and nothing on a page. */
export function within({ trail }: Place): string {
  const row = trail.at(-1);
  return row === undefined ? '' : `${row.path}/`;
}

/** Return what stands before a name in the keys of a draft: `children/<id>/`, and nothing on a page. */
export function keysWithin({ trail }: Place): string {
  return trail.map(({ repeat, id }) => `${repeat.name}/${id}/`).join('');
}

/** Return the key under which a draft says that this row is there. */
export function rowKey(place: Place): string {
  return `row/${keysWithin(place).slice(0, -1)}`;
}

/** Return the ids of all rows that count, also those of a repeat with a `count` that nobody has written in yet. */
export function countingRows(counts: ReadonlyMap<string, number>, rows: Rows): Rows {
  const ids = (path: string, count: number) =>
    Array.from({ length: count }, (_, index) => rows.get(path)?.[index] ?? countedId(index + 1));
  return new Map([...counts].map(([path, count]) => [path, ids(path, count)]));
}

/** Return the rows of a repeat that stands at this place. */
export function rowsAt(place: Place, repeat: Repeat, rows: Rows): Row[] {
  const path = within(place) + repeat.name;
  return (rows.get(path) ?? []).map((id, index) => ({ repeat, id, n: index + 1, path: `${path}[${index + 1}]` }));
}

/** Return the address of a place in a draft. */
export function hrefOf(draft: string, { page, trail }: Place): string {
  const steps = trail.map(({ repeat, id }) => `/${repeat.name}/${id}`).join('');
  return `/drafts/${draft}/${page.name}${steps}`;
}

/** Return the place that one comes back to: the row or page around it; null on a page. */
export function around({ page, trail }: Place): Place | null {
  return trail.length === 0 ? null : { page, trail: trail.slice(0, -1) };
}

/** Return the address at which a path is asked, with the path behind `#`; null when the form asks no such thing. */
export function hrefOfPath(draft: string, form: Form, rows: Rows, path: string): string | null {
  const place = placeOfPath(form, rows, path);
  return place === null ? null : `${hrefOf(draft, place)}#${encodeURIComponent(path)}`;
}

/** Return the place at which a path is asked: `children[2]/name` in the second row, `children[2]` around it. */
export function placeOfPath(form: Form, rows: Rows, path: string): Place | null {
  const steps = path.split('/').map(step);
  const [first] = steps;
  const page = form.pages.find((each) => [...named(each.questions)].includes(first?.name ?? ''));
  if (page === undefined) return null;
  let place: Place = { page, trail: [] };
  for (const { name, n } of steps.slice(0, -1)) {
    const repeat = repeatsOf(itemsOf(place)).find((each) => each.name === name);
    const row = repeat === undefined ? undefined : rowsAt(place, repeat, rows)[n - 1];
    if (row === undefined) return null;
    place = { page, trail: [...place.trail, row] };
  }
  return place;
}

/** Return the questions of these items in order, those of groups too, but not of repeats. */
export function questionsOf(items: readonly Item[]): Question[] {
  return items.flatMap((item) => {
    if (item.type === 'group') return questionsOf(item.questions);
    return item.type === 'repeat' ? [] : [item];
  });
}

/** Return the repeats among these items and in their groups. */
export function repeatsOf(items: readonly Item[]): Repeat[] {
  return items.flatMap((item) => {
    if (item.type === 'group') return repeatsOf(item.questions);
    return item.type === 'repeat' ? [item] : [];
  });
}

function rowOf(place: Place, repeat: Repeat, rows: Rows, id: string): Row | null {
  return rowsAt(place, repeat, rows).find((each) => each.id === id) ?? null;
}

function* named(items: readonly Item[]): Generator<string> {
  for (const item of items) {
    yield item.name;
    if (item.type === 'group') yield* named(item.questions);
  }
}

function step(part: string): { name: string; n: number } {
  const [, name = part, n = '1'] = /^([^[]*)\[(\d+)\]$/.exec(part) ?? [];
  return { name, n: Number(n) };
}
