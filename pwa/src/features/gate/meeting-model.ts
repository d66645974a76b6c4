/** Meetings and places as the officer's screens see them, and what a typed meeting must be to be kept. */
import type { RecordView } from '../../data/records.ts';
import { isObject } from '../../sync/canonical.ts';
import type { Value } from '../../sync/canonical.ts';
import type { Bilingual, Key } from '../../text/index.ts';
import { dayOf, momentOf, readTime, timeOf } from './when.ts';

export interface Gate {
  bit: number;
  name: Bilingual;
}

/** A building of a unit. */
export interface Place {
  number: number;
  unit: string;
  name: Bilingual;
  address: string;
  gates: readonly Gate[];
}

export interface Meeting {
  id: string;
  unit: string;
  title: string;
  place: number;
  /** Bits of the gates where its guests may enter. */
  gates: readonly number[];
  /** In ms. */
  starts: number;
  ends: number;
  /** Minutes before `starts` from which on guests may enter. */
  opens: number;
  host: string;
  room: string;
  note: string;
  /** How often a guest may enter; 0 for no bound. */
  entries: number;
  cancelled: boolean;
  /** It has changes that the server has not yet. */
  unsent: boolean;
  /** Two phones have written different things; saving it once more settles them. */
  unsettled: boolean;
}

/** Read a `meeting` record; null for one that is not whole, which no screen can show. */
export function meetingOf({ id, values, conflicts, unsent }: RecordView): Meeting | null {
  const { unit, title, place, starts, ends } = values;
  if (typeof unit !== 'string' || typeof title !== 'string' || typeof place !== 'number') return null;
  if (typeof starts !== 'number' || typeof ends !== 'number') return null;
  return {
    id,
    unit,
    title,
    place,
    gates: numbers(values.gates),
    starts,
    ends,
    opens: numberOf(values.opens),
    host: textOf(values.host),
    room: textOf(values.room),
    note: textOf(values.note),
    entries: numberOf(values.entries),
    cancelled: values.cancelled === true,
    unsent,
    unsettled: Object.keys(conflicts).length > 0,
  };
}

/** Read a `place` record. */
export function placeOf({ values }: RecordView): Place | null {
  const { number, unit, address, gates } = values;
  const name = bilingual(values.name);
  if (typeof number !== 'number' || typeof unit !== 'string' || name === null) return null;
  const read = Array.isArray(gates) ? (gates as readonly Value[]).flatMap((gate) => gateOf(gate) ?? []) : [];
  return { number, unit, name, address: textOf(address), gates: [...read].sort((a, b) => a.bit - b.bit) };
}

function gateOf(value: Value): Gate | null {
  if (!isObject(value) || typeof value.bit !== 'number') return null;
  const name = bilingual(value.name);
  return name === null ? null : { bit: value.bit, name };
}

export function bilingual(value: Value | undefined): Bilingual | null {
  if (value === undefined || !isObject(value)) return null;
  const { vi, en } = value;
  return typeof vi === 'string' && typeof en === 'string' ? { vi, en } : null;
}

/** Part meetings into those to come, the soonest first, and those that are over or cancelled, the latest first. */
export function byTime(meetings: readonly Meeting[], now: number): { coming: Meeting[]; past: Meeting[] } {
  const isComing = ({ ends, cancelled }: Meeting) => !cancelled && ends > now;
  return {
    coming: meetings.filter(isComing).sort((a, b) => a.starts - b.starts),
    past: meetings.filter((meeting) => !isComing(meeting)).sort((a, b) => b.starts - a.starts),
  };
}

/** A meeting as it stands in the form. */
export interface Draft {
  title: string;
  /** The place's number as text. */
  place: string | null;
  /** Bits as text. */
  gates: readonly string[];
  day: string;
  from: string;
  to: string;
  opens: string;
  host: string;
  room: string;
  note: string;
  sort: 'once' | 'several' | 'unbound';
  /** The bound for `several`. */
  most: string;
}

export type DraftField = keyof Draft;

export interface DraftMistake {
  field: DraftField;
  key: Key;
}

/** What the server takes, in characters. */
export const LENGTHS = { title: 200, host: 100, room: 100, note: 1000 } as const;
const OPENS_MOST = 24 * 60;
const ENTRIES_MOST = 255;

export function emptyDraft(): Draft {
  return {
    title: '', place: null, gates: [], day: '', from: '', to: '', opens: '30',
    host: '', room: '', note: '', sort: 'once', most: '',
  };
}

export function draftOf(meeting: Meeting): Draft {
  const { entries } = meeting;
  return {
    title: meeting.title,
    place: String(meeting.place),
    gates: meeting.gates.map(String),
    day: dayOf(meeting.starts),
    from: timeOf(meeting.starts),
    to: timeOf(meeting.ends),
    opens: String(meeting.opens),
    host: meeting.host,
    room: meeting.room,
    note: meeting.note,
    sort: entries === 0 ? 'unbound' : entries === 1 ? 'once' : 'several',
    most: entries > 1 ? String(entries) : '',
  };
}

/** Return the values of a `meeting` record, or what must be mended first, in the order of the form. */
export function read(draft: Draft, now: number): Record<string, Value> | DraftMistake[] {
  const from = readTime(draft.from);
  const to = readTime(draft.to);
  const starts = momentOf(draft.day, from ?? '00:00');
  const ends = momentOf(draft.day, to ?? '00:00', from !== null && to !== null && isNight(from, to) ? 1 : 0);
  const opens = whole(draft.opens);
  const most = draft.sort === 'once' ? 1 : draft.sort === 'unbound' ? 0 : whole(draft.most);
  const mistakes: (DraftMistake | false)[] = [
    tidy(draft.title) === '' && { field: 'title', key: 'form.title.missing' },
    draft.place === null && { field: 'place', key: 'form.place.missing' },
    draft.place !== null && draft.gates.length === 0 && { field: 'gates', key: 'form.gates.missing' },
    starts === null && { field: 'day', key: 'form.day.wrong' },
    from === null && { field: 'from', key: 'form.from.wrong' },
    to === null && { field: 'to', key: 'form.to.wrong' },
    ...(from !== null && to !== null && starts !== null && ends !== null ? spanMistakes(starts, ends, now) : []),
    (opens === null || opens > OPENS_MOST) && { field: 'opens', key: 'form.opens.wrong' },
    tidy(draft.host) === '' && { field: 'host', key: 'form.host.missing' },
    draft.sort === 'several' && (most === null || most < 2 || most > ENTRIES_MOST) && {
      field: 'most',
      key: 'form.most.wrong',
    },
  ];
  const found = mistakes.filter((mistake) => mistake !== false);
  if (found.length > 0) return found;
  return {
    title: tidy(draft.title),
    place: Number(draft.place),
    gates: draft.gates.map(Number).sort((a, b) => a - b),
    starts: starts ?? 0,
    ends: ends ?? 0,
    opens: opens ?? 0,
    host: tidy(draft.host),
    room: tidy(draft.room),
    note: draft.note.split(/\r\n|\n|\r/).map(tidy).join('\n').trim(),
    entries: most ?? 0,
  };
}

/** What begins in the evening and ends by dawn goes past midnight; any other end before its start is a slip. */
function isNight(from: string, to: string): boolean {
  return from >= '17:00' && to <= '06:00';
}

function spanMistakes(starts: number, ends: number, now: number): DraftMistake[] {
  if (ends <= starts) return [{ field: 'to', key: 'form.to.before' }];
  return ends <= now ? [{ field: 'day', key: 'form.day.past' }] : [];
}

function whole(typed: string): number | null {
  const bare = typed.trim();
  return /^\d{1,4}$/.test(bare) ? Number(bare) : null;
}

/** One line in normal form C, without what can't be seen or turns the reading direction: the server takes no other. */
function tidy(typed: string): string {
  const line = typed.normalize('NFC').replace(/\s+/g, ' ');
  return line.replace(/[\p{Cc}\p{Cs}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '').trim();
}

function textOf(value: Value | undefined): string {
  return typeof value === 'string' ? value : '';
}

function numberOf(value: Value | undefined): number {
  return typeof value === 'number' ? value : 0;
}

function numbers(value: Value | undefined): number[] {
  return Array.isArray(value) ? (value as readonly Value[]).filter((each) => typeof each === 'number') : [];
}
