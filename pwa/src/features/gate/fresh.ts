/** When a list is as good as new, and when it is old. */
import type { StatusList } from './packs.ts';
import type { Time } from './verdict.ts';

export type Freshness =
  | { look: 'fresh' | 'old'; at: number }
  /** There is no list. */
  | { look: 'none' }
  /** Nobody knows what time it is. */
  | { look: 'untimed' };

/** Lists are signed anew every quarter of an hour while there is a network; so old, it has been missing for a while. */
export const OLD_MS = 3_600_000;

/** Return how fresh a list is: at its worst, when the time is not sure. */
export function freshness(list: Pick<StatusList, 'iat' | 'exp'> | null, time: Time | null): Freshness {
  if (list === null) return { look: 'none' };
  if (time === null) return { look: 'untimed' };
  const at = list.iat * 1000;
  return { look: time.high - at > OLD_MS || list.exp * 1000 <= time.high ? 'old' : 'fresh', at };
}
