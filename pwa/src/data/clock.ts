/**
 * The time as the server has it, as well as this phone can know it.
 *
 * A phone has two clocks. The wall clock goes on while the phone sleeps, but anybody can set it; the monotonic one
 * can't be set, but on most phones it stands still in sleep, and it starts anew with each page. So the time is known to
 * lie between `low`, for which the server, the monotonic clock and what was kept vouch, and `high`, for which the wall
 * clock must be believed. Setting the clock back never lowers `low`, nor `high`; setting it forward only widens.
 */

/** Where a clock reads from, in ms. `mono` never goes back within a page. */
export interface Sources {
  wall: () => number;
  mono: () => number;
}

/** The server's time (ms since 1970) lies between the two. */
export interface Trusted {
  low: number;
  high: number;
}

/** What outlives the page. `server` is the answer that it comes from; the phone's clock said `wall`. */
export interface KeptTime extends Trusted {
  server: number;
  wall: number;
  /** The phone's clock less the likeliest time. */
  error: number;
}

/** Up to here `low` and `high` count as the same. */
const SURE = 10_000;
/** A step of the wall clock that is smaller is not worth a word: networks correct by so much. */
const SLACK = 1_000;
/** Between two looks that are no further apart in a page in sight, the phone did not sleep. */
const SHORT = 15_000;
/** A server that is further behind than this has put its clock right. */
const CORRECTED = 60_000;
/** What may have passed when nothing is known of it: longer than anything that we check holds good. */
const UNKNOWN = 366 * 86_400_000;

interface Reading {
  wall: number;
  mono: number;
}

/** Knows no time but that of its sources. */
export class Clock {
  private readonly sources: Sources;
  private last: Reading;
  private hidden = false;
  /** The time was between `low` and `high` when the clocks stood as in `at`, by the answer `server`. */
  private base: (Trusted & { server: number; at: Reading }) | null = null;
  /** The most that the wall clock was ahead of the monotonic one since `base`. */
  private lead = 0;
  private error = 0;

  constructor(sources: Sources) {
    this.sources = sources;
    this.last = this.read();
  }

  /** The likeliest time, in ms since 1970; by the phone's own clock as long as no server has answered. */
  now(): number {
    const { wall } = this.look();
    const known = this.between();
    const likely = wall - this.error;
    return Math.round(known === null ? likely : Math.min(known.high, Math.max(known.low, likely)));
  }

  /** Between what the time is known to lie, in whole ms; null when no server has ever answered. */
  trusted(): Trusted | null {
    this.look();
    const known = this.between();
    return known === null ? null : { low: Math.floor(known.low), high: Math.ceil(known.high) };
  }

  /** Read both clocks, as a request begins. */
  asking(): Reading {
    return this.look();
  }

  /** The server has answered a request that began at `asked` with its own time: it read it somewhere between. */
  heard(server: number, asked: Reading): void {
    const at = this.look();
    const known = this.between();
    const latest = server + Math.max(0, at.mono - asked.mono, at.wall - asked.wall);
    const low = known === null || latest < known.low - CORRECTED ? server : Math.max(server, known.low);
    const high = known === null || known.high < server ? latest : Math.min(latest, known.high);
    this.begin({ server, low, high: Math.max(low, high), at });
    this.error = at.wall - (server + latest) / 2;
  }

  /** The page goes out of sight: from now on the phone may sleep. */
  hide(): void {
    this.look();
    this.hidden = true;
  }

  /** The page is in sight again. */
  show(): void {
    this.look();
    this.hidden = false;
  }

  /** What is to be kept, or null when nothing is known. */
  keep(): KeptTime | null {
    const { wall } = this.look();
    const known = this.between();
    if (known === null || this.base === null) return null;
    return { ...known, server: this.base.server, wall, error: this.error };
  }

  /** Go on from what was kept by an earlier page, or what another tab has learnt. */
  resume(kept: KeptTime): void {
    const at = this.look();
    const known = this.between();
    if (this.base !== null && known !== null && this.base.server >= kept.server) {
      // The younger answer stands; but it was not earlier than anybody was sure of, unless that was wrong altogether.
      const low = kept.low <= known.high ? Math.max(known.low, kept.low) : known.low;
      this.begin({ ...known, low, server: this.base.server, at }, this.lead);
      return;
    }
    const passed = at.wall - kept.wall;
    const low = known === null || kept.low < known.low - CORRECTED ? kept.low : Math.max(kept.low, known.low);
    // Somebody set the clock back while no page looked: no clock tells how long that was.
    const high = passed < -SLACK ? low + UNKNOWN : kept.high + passed;
    this.begin({ server: kept.server, low, high, at });
    this.error = kept.error;
  }

  private begin(base: NonNullable<Clock['base']>, lead = base.at.wall - base.at.mono): void {
    this.base = base;
    this.lead = lead;
  }

  private between(): Trusted | null {
    if (this.base === null) return null;
    const low = this.base.low + this.last.mono - this.base.at.mono;
    return { low, high: Math.max(low, this.base.high + this.last.wall - this.base.at.wall) };
  }

  /** Read both clocks and see whether the wall clock was set since the last look. */
  private look(): Reading {
    const [before, at] = [this.last, this.read()];
    const known = this.between();
    this.last = at;
    if (this.base === null || known === null) return at;
    const passed = at.mono - before.mono;
    const step = at.wall - before.wall - passed;
    const awake = !this.hidden && passed <= SHORT;
    const isBack = at.wall - at.mono < this.lead - SLACK;
    // What was likely stays so: only sleep makes the wall clock gain in earnest.
    if (awake && (isBack || step > SLACK)) this.error += step;
    if (isBack) {
      const low = known.low + passed;
      this.begin({ ...this.base, low, high: awake ? Math.max(low, known.high + passed) : low + UNKNOWN, at });
    }
    this.lead = Math.max(this.lead, at.wall - at.mono);
    return at;
  }

  private read(): Reading {
    return { wall: this.sources.wall(), mono: this.sources.mono() };
  }
}

/** This page's clock. */
export const clock = new Clock({ wall: () => Date.now(), mono: () => performance.now() });

/** The likeliest time, in ms since 1970. For what people read and write; a verdict asks `trusted`. */
export function now(): number {
  return clock.now();
}

/** Between what the time is known to lie, whatever somebody did to the phone's clock; null before any answer. */
export function trusted(): Trusted | null {
  return clock.trusted();
}

/** Whether the time is as good as known. */
export function isSure({ low, high }: Trusted): boolean {
  return high - low <= SURE;
}
