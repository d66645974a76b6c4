/** Entries that should not have been: one code, let in twice by phones that did not know of each other. */
import type { CheckIn } from '../../codes/columns.ts';
import type { CheckIns } from './presence.ts';

export interface Clash {
  kind: 'double' | 'over';
  subject: string;
  winner: CheckIn;
  loser: CheckIn;
}

/** How long a conflict is worth looking into, in ms. */
const RECENT = 12 * 3_600_000;

/** Return the conflicts of the last hours, the latest first. The same set gives the same ones on every phone. */
export function clashes(set: CheckIns, now: number): Clash[] {
  const events = new Map(set.checkIns().map((event) => [event.id, event]));
  const found: Clash[] = [];
  for (const subject of set.subjects()) {
    for (const { kind, winner, loser } of set.of(subject).conflicts) {
      const [first, second] = [events.get(winner), events.get(loser)];
      if (first === undefined || second === undefined || now - second.at > RECENT) continue;
      found.push({ kind, subject, winner: first, loser: second });
    }
  }
  return found.sort((a, b) => b.loser.at - a.loser.at || (a.loser.id < b.loser.id ? 1 : -1));
}
