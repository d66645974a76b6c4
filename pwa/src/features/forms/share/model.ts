/** What sharing a draft knows without a screen: who is in, whose hand wrote, and what two wrote at once. */
import type { RecordView } from '../../../data/records.ts';
import { isObject, stringify } from '../../../sync/canonical.ts';
import type { Value } from '../../../sync/canonical.ts';
import type { Head } from '../../../sync/register.ts';
import { isOwn } from '../fill/model.ts';

export const INVITE = 'invite/';
export const PERSON = 'share/person/';
export const UNIT = 'share/unit/';
const HAND = 'hand/';
const ROW = 'row/';

/** Who writes on this phone. */
export interface Writer {
  id: string;
  name: string;
  role: string;
  unit: string | null;
  device: string | null;
}

/** A person or a desk that a draft is shared with. */
export interface Member {
  key: string;
  sort: 'person' | 'unit';
  /** The person's id, or the unit's code. */
  id: string;
  name: string;
  /** Since when (ms). */
  at: number;
}

/** An invitation that nobody has used yet. Times are ms. */
export interface OpenInvite {
  key: string;
  made: number;
  until: number;
}

/** Whose hand wrote: a person, and the unit when they are an officer who helps. */
export interface Author {
  person: string;
  name: string;
  unit: string | null;
}

/** Whether a share or an invitation holds: taking back wins over what was written without having seen it. */
export function stands({ state }: RecordView, key: string): boolean {
  const heads = state.get(key)?.heads ?? [];
  return heads.length > 0 && heads.every(({ value }) => value !== null);
}

/** Return whom a draft is shared with, the longest in first. */
export function members(view: RecordView): Member[] {
  const found = [...view.state.keys()].flatMap((key): Member[] => {
    const sort = key.startsWith(PERSON) ? 'person' : key.startsWith(UNIT) ? 'unit' : null;
    const value = view.values[key];
    if (sort === null || !stands(view, key) || !isObject(value)) return [];
    const { name, at } = value;
    const id = key.slice((sort === 'person' ? PERSON : UNIT).length);
    return [{ key, sort, id, name: typeof name === 'string' ? name : id, at: typeof at === 'number' ? at : 0 }];
  });
  return found.sort((a, b) => a.at - b.at);
}

/** Return the invitations that can still be used, the newest first. */
export function openInvites(view: RecordView, now: number): OpenInvite[] {
  const keys = [...view.state.keys()].filter((key) => key.startsWith(INVITE) && stands(view, key));
  const open = keys.flatMap((key): OpenInvite[] => {
    const value = view.values[key];
    const until = isObject(value) && typeof value.until === 'number' ? value.until : 0;
    return until > now ? [{ key, made: view.state.get(key)?.heads.at(-1)?.at ?? 0, until }] : [];
  });
  return open.sort((a, b) => b.made - a.made);
}

/** Return whether others are in a draft, or may come in. */
export function isShared(view: RecordView): boolean {
  return [...view.state.keys()].some(lets);
}

/** Whether a key lets somebody into a draft. */
function lets(key: string): boolean {
  return key.startsWith(PERSON) || key.startsWith(UNIT) || key.startsWith(INVITE);
}

/** Drafts that others have shared with this person or their desk and that are still being written, the latest first. */
export function sharedDrafts(views: readonly RecordView[], person: string): RecordView[] {
  return views
    .filter((view) => typeof view.values.owner === 'string' && !isOwn(view, person))
    .filter(({ values }) => values.submission === undefined && values.removed !== true)
    .reverse();
}

/** Return who wrote on a device, as that device said; undefined when it did not say. */
export function handOf(view: RecordView, replica: string): Author | undefined {
  const value = view.values[handKey(replica)];
  return value === undefined ? undefined : authorIn(value);
}

/** Return what the owner is called; undefined when none of their phones has said. */
export function ownerName(view: RecordView): string | undefined {
  const hands = Object.entries(view.values).filter(([key]) => key.startsWith(HAND));
  const said = hands.flatMap(([, value]) => authorIn(value) ?? []);
  return said.find(({ person }) => person === view.values.owner)?.name;
}

/** Return the heads of a key, in ascending order, when they say different things; else none: nothing is to settle. */
export function differing(view: RecordView, key: string): readonly Head[] {
  const heads = view.state.get(key)?.heads ?? [];
  const [first, ...rest] = heads.map(({ value }) => stringify(value));
  return rest.some((each) => each !== first) ? heads : [];
}

/** Return the keys of a draft that wait for a person to choose. */
export function unsettledKeys(view: RecordView): string[] {
  return Object.keys(view.conflicts).filter((key) => differing(view, key).length > 0);
}

/**
 * Return what a draft shows, with every row that anybody says is there.
 *
 * A row that is removed here and edited there has two heads. Until a person chooses it stays, whichever head is the
 * later: else the answers that were written in it would be out of sight.
 */
export function withRows(view: RecordView): Readonly<Record<string, Value>> {
  const kept = Object.keys(view.conflicts).filter((key) => key.startsWith(ROW));
  const there = kept.filter((key) => view.state.get(key)?.heads.some(({ value }) => value === true) === true);
  return there.length === 0 ? view.values : { ...view.values, ...Object.fromEntries(there.map((key) => [key, true])) };
}

/**
 * Return what to write with `values`: before them, whose hand this is, and for answers in rows that the rows are there.
 *
 * Saying so once more, though it is known (`again`), is what makes a removal elsewhere, by someone who has not seen the
 * answer, a conflict that a person settles (SPEC.md R8): the row's register then has both heads.
 */
export function toWrite(
  view: RecordView,
  values: Readonly<Record<string, Value>>,
  writer: Writer,
): { values: Record<string, Value>; again: string[] } {
  const edited = Object.entries(values).filter(([, value]) => value !== null);
  const rows = edited.flatMap(([key]) => rowsAround(key)).filter((key) => values[key] === undefined);
  const again = [...new Set(rows)];
  const own = Object.fromEntries(again.map((key) => [key, true]));
  const alone = isOwn(view, writer.id) && !isShared(view) && !Object.keys(values).some(lets);
  return { values: { ...(!alone && hand(view, writer)), ...own, ...values }, again };
}

/** Return the keys of the rows that a key stands in, outermost first. */
export function rowsAround(key: string): string[] {
  const [part, ...steps] = key.split('/');
  if (part !== 'answer' && part !== 'row' && part !== 'from') return [];
  const whole = part === 'row' ? steps.slice(0, -2) : steps.slice(0, -1);
  return Array.from({ length: whole.length / 2 }, (_, index) => ROW + whole.slice(0, 2 * index + 2).join('/'));
}

function hand(view: RecordView, { id, name, role, unit, device }: Writer): Record<string, Value> {
  if (device === null) return {};
  const desk = role === 'officer' && unit !== null && stands(view, UNIT + unit);
  return { [handKey(device)]: { person: id, name, ...(desk && { unit }) } };
}

function handKey(replica: string): string {
  return HAND + Array.from(replica, (letter) => letter.charCodeAt(0).toString(16)).join('');
}

function authorIn(value: Value): Author | undefined {
  if (!isObject(value) || typeof value.person !== 'string' || typeof value.name !== 'string') return undefined;
  return { person: value.person, name: value.name, unit: typeof value.unit === 'string' ? value.unit : null };
}
