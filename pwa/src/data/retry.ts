/** When to try again (SPEC.md T1, T4). */

const FIRST = 1_000;
const LONGEST = 5 * 60_000;
const LONGEST_ASKED = 60_000;

/**
 * Return the ms to wait before the attempt after `failures` failed ones in a row, from 1 on.
 *
 * Full jitter (Brooker, "Exponential Backoff And Jitter", 2015): anywhere from nothing up to a bound that doubles from
 * 1 s to 5 min, so that a city of phones does not come back at once. `chance` is in [0, 1). `asked` is what the server
 * asked for: it is waited for in any case, and the jitter comes on top, no narrower than that, for thousands were told
 * the same; nor wider than a minute, if it did not ask for more.
 */
export function delay(failures: number, chance: number, asked = 0): number {
  const bound = Math.min(LONGEST, FIRST * 2 ** (failures - 1));
  return Math.floor(asked + chance * (asked > 0 ? Math.max(asked, Math.min(bound, LONGEST_ASKED)) : bound));
}
