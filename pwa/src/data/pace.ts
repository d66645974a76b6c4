/** How much of a file to send in one go: as much as goes through before the link is likely to be cut again. Pure. */

/** `size` in bytes; `between` is how long the link is thought to hold from cut to cut, in ms. */
export interface Pace {
  readonly size: number;
  readonly between: number;
}

const KIB = 1024;
const [SMALLEST, LARGEST] = [16 * KIB, 1024 * KIB];
/** A request should take so small a part of the time between two cuts that little is lost with it. */
const PART = 18;
const [SHORTEST, LONGEST] = [150, 2500];

export const FIRST_PACE: Pace = { size: 64 * KIB, between: 10_000 };

/** Return the pace after `bytes` were sent in `took` ms, over a link that has held for `held` ms. */
export function afterSent(pace: Pace, { bytes, took, held }: { bytes: number; took: number; held: number }): Pace {
  const { size } = pace;
  const between = Math.max(pace.between, held);
  const aim = within(between / PART, SHORTEST, LONGEST);
  const wanted = (bytes / Math.max(1, took)) * aim;
  return { size: Math.round(within(wanted, SMALLEST, Math.min(LARGEST, 2 * size))), between };
}

/** Return the pace after the link was cut that had held for `held` ms. */
export function afterCut({ size, between }: Pace, held: number): Pace {
  return { size: Math.max(SMALLEST, Math.round(size / 2)), between: (between + 3 * held) / 4 };
}

function within(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
