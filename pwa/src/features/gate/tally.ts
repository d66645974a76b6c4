/** How many came in and how many are inside, for a day at a place and for each of its meetings. */
import type { CheckIns } from './presence.ts';

export interface Tally {
  /** Entries, re-entries too. */
  entered: number;
  /** People. */
  inside: number;
}

interface Counting {
  set: CheckIns;
  /** Of each subject: the last 3 bytes (hex) of the id of its meeting, where that is known. */
  guests: ReadonlyMap<string, string>;
  place: number;
  /** Ms since 1970: check-ins from here on count. */
  from: number;
}

/** Count a day at a place. `meetings` is by the last 3 bytes of the meeting's id. */
export function tally({ set, guests, place, from }: Counting): { all: Tally; meetings: ReadonlyMap<string, Tally> } {
  const all: Tally = { entered: 0, inside: 0 };
  const meetings = new Map<string, Tally>();
  const seen = new Set<string>();
  for (const { subject, way, at, place: where } of set.checkIns()) {
    if (where !== place || at < from) continue;
    const meeting = guests.get(subject);
    const counted = [all, ...(meeting === undefined ? [] : [tallyOf(meetings, meeting)])];
    const isInside = !seen.has(subject) && set.of(subject).inside;
    seen.add(subject);
    for (const each of counted) {
      if (way === 'in') each.entered += 1;
      if (isInside) each.inside += 1;
    }
  }
  return { all, meetings };
}

/** Return the start of the day of a moment, in the phone's time zone, in ms. */
export function dayStart(ms: number): number {
  return new Date(ms).setHours(0, 0, 0, 0);
}

function tallyOf(meetings: Map<string, Tally>, meeting: string): Tally {
  const known = meetings.get(meeting) ?? { entered: 0, inside: 0 };
  meetings.set(meeting, known);
  return known;
}
