/** What the screen says of a verdict. Pure: what is known of meetings, places and gates is handed in. */
import { count, text } from '../../text/index.ts';
import type { Key } from '../../text/index.ts';
import { clockTime, moment } from '../../text/time.ts';
import type { Facts, Verdict } from './verdict.ts';
import type { Look } from './signal.ts';

export interface Said {
  look: Look;
  word: string;
  reason: string;
  next: string;
  name: string | null;
  /** Where the photo is, if the code names one. */
  photo: string | null;
  facts: readonly (readonly [name: string, value: string])[];
  /** Nothing is left to do or to compare: it makes way by itself. */
  goes: boolean;
}

/** What this phone knows besides the code. */
export interface Around {
  way: 'in' | 'out';
  /** Ms since 1970. */
  now: number;
  meeting: { title: string; host: string; room: string } | null;
  placeName: (place: number) => string | null;
  gateName: (place: number, gate: number) => string;
}

const LOOKS = { ADMIT: 'admit', CHECK: 'check', REFUSE: 'refuse' } as const;

/** Reasons for which it matters when the same code came in before. */
const ABOUT_ENTRY: ReadonlySet<string> = new Set(['inside', 'used', 'conflict', 'replayed', 'exit']);
/** Reasons that the host can clear up, or that lead there. */
const ABOUT_MEETING: ReadonlySet<string> = new Set(['invitation', 'early', 'late', 'revoked', 'used', 'inside']);

/** Put a verdict into words. */
export function said(verdict: Verdict, around: Around): Said {
  const { word, reason, next, facts } = verdict;
  return {
    look: LOOKS[word],
    word: text(word === 'ADMIT' && around.way === 'out' ? 'verdict.out' : `verdict.${word}`),
    reason: text(`reason.${reason}` as Key),
    next: text(`next.${next}` as Key),
    name: facts.name,
    photo: facts.photo === null ? null : `/identity/photos/${facts.photo}`,
    facts: factLines(verdict, around),
    goes: word === 'ADMIT' && next !== 'compare_photo',
  };
}

/** Put what the guard decided against the verdict into words. */
export function saidOverridden(before: Said, why: string): Said {
  return {
    ...before,
    look: 'admit',
    word: text('verdict.ADMIT'),
    reason: text('verdict.override.reason'),
    next: why,
    goes: true,
  };
}

/** An entry that could not be stored is none: nobody is admitted on the strength of it. */
export function saidUnsaved(before: Said): Said {
  return {
    ...before,
    look: 'check',
    word: text('verdict.CHECK'),
    reason: text('verdict.unsaved'),
    next: text('verdict.unsaved.next'),
    goes: false,
  };
}

/** Return what the person is called on the screen and in the log. */
export function nameOf(facts: Facts): string {
  return facts.name ?? text('verdict.nameless');
}

type FactKey = Extract<Key, `verdict.fact.${string}`>;

/** What matters most for the next step stands first: the screen may be too small for the rest. */
const ORDER: Readonly<Partial<Record<string, readonly FactKey[]>>> = {
  go_in: ['verdict.fact.meeting', 'verdict.fact.room', 'verdict.fact.entries', 'verdict.fact.window'],
  call_host: ['verdict.fact.host', 'verdict.fact.first', 'verdict.fact.entries'],
  wait: ['verdict.fact.window'],
};

function factLines({ reason, next, facts }: Verdict, around: Around): Said['facts'] {
  const { meeting, now } = around;
  const about = meeting !== null && ABOUT_MEETING.has(reason);
  const lines = new Map<FactKey, string | null>([
    ['verdict.fact.place', reason === 'other_place' ? placeOf(facts, around) : null],
    ['verdict.fact.gates', reason === 'other_gate' ? gatesOf(facts, around) : null],
    ['verdict.fact.first', ABOUT_ENTRY.has(reason) ? firstOf(facts, around) : null],
    ['verdict.fact.entries', entriesOf(reason, facts)],
    ['verdict.fact.meeting', meeting?.title ?? null],
    ['verdict.fact.window', windowOf(facts, now)],
    ['verdict.fact.host', about && meeting.host !== '' ? meeting.host : null],
    ['verdict.fact.room', about && meeting.room !== '' ? meeting.room : null],
    ['verdict.fact.age', agesOf(facts)],
    ['verdict.fact.born', facts.born === null ? null : facts.born.split('-').reverse().join('/')],
    ['verdict.fact.until', facts.sort === 'identity' && facts.until !== null ? moment(facts.until, now) : null],
  ]);
  const keys = new Set([...(ORDER[next] ?? []), ...lines.keys()]);
  return [...keys].flatMap((key) => {
    const value = lines.get(key) ?? null;
    return value === null ? [] : [[text(key), value] as const];
  });
}

function placeOf({ place }: Facts, { placeName }: Around): string | null {
  return place === null ? null : (placeName(place) ?? text('verdict.other'));
}

function gatesOf({ gates, place }: Facts, { gateName }: Around): string | null {
  if (gates === null || place === null) return null;
  const bits = Array.from({ length: 16 }, (_, bit) => bit).filter((bit) => ((gates >> bit) & 1) === 1);
  return bits.map((bit) => gateName(place, bit)).join(', ');
}

function firstOf({ first }: Facts, { gateName, now }: Around): string | null {
  if (first === null) return null;
  return text('verdict.fact.first.at', { time: moment(first.at, now), gate: gateName(first.place, first.gate) });
}

/** After an ADMIT the entry just made counts. */
function entriesOf(reason: string, { sort, entries, max }: Facts): string | null {
  if (sort !== 'invitation' || entries === null) return null;
  const n = reason === 'invitation' ? entries + 1 : entries;
  if (n === 0) return null;
  return max === null || max === 0 ? String(n) : text('verdict.fact.entries.max', { n, max });
}

function windowOf({ from, until, sort }: Facts, now: number): string | null {
  if (sort !== 'invitation' || from === null || until === null) return null;
  const sameDay = new Date(from).toDateString() === new Date(until).toDateString();
  return text('today.window', { from: moment(from, now), until: sameDay ? clockTime(until) : moment(until, now) });
}

const AGES = [
  [8, 'verdict.age.60'],
  [4, 'verdict.age.18'],
  [2, 'verdict.age.16'],
  [1, 'verdict.age.14'],
] as const;

/** The greatest age that is proven says all. */
function agesOf({ ages }: Facts): string | null {
  if (ages === null) return null;
  const [, key] = AGES.find(([flag]) => (ages & flag) !== 0) ?? [0, 'verdict.age.under'];
  return text(key);
}

/** "3 phút trước" */
export function ago(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return text('gate.ago.now');
  if (minutes < 60) return count('gate.ago.minutes', minutes);
  const hours = Math.floor(minutes / 60);
  return hours < 24 ? count('gate.ago.hours', hours) : count('gate.ago.days', Math.floor(hours / 24));
}
