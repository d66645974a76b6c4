import * as fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';

import { Clock, isSure, type KeptTime, type Trusted } from './clock.ts';

const SERVER = 1_760_000_000_000;
const SECOND = 1_000;
const MINUTE = 60_000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** A phone in the world: true time passes, the wall clock shows what somebody set, the page's clock sleeps with it. */
class World {
  time = SERVER;
  setBy = 0;
  pageBegan = SERVER;
  asleep = 0;
  clock!: Clock;

  constructor() {
    this.openPage();
  }

  openPage(): void {
    this.pageBegan = this.time;
    this.asleep = 0;
    this.clock = new Clock({
      wall: () => this.time + this.setBy,
      mono: () => this.time - this.pageBegan - this.asleep,
    });
  }

  /** Time passes in a page that looks at its clock every 5 s. */
  pass(ms: number): void {
    for (let left = ms; left > 0; left -= 5 * SECOND) {
      this.time += Math.min(left, 5 * SECOND);
      this.clock.asking();
    }
  }

  sleep(ms: number): void {
    this.clock.hide();
    this.time += ms;
    this.asleep += ms;
    this.clock.show();
  }

  hear(roundTrip = 0): void {
    const asked = this.clock.asking();
    this.time += roundTrip;
    const server = this.time - Math.floor(roundTrip / 2);
    this.clock.heard(server, asked);
  }

  /** Close the page and open it again `ms` later. */
  reload(ms: number, meanwhile: () => void = () => undefined): void {
    const kept = structuredClone(this.clock.keep());
    this.time += ms;
    meanwhile();
    this.openPage();
    if (kept !== null) this.clock.resume(kept);
  }

  get trusted(): Trusted {
    return this.clock.trusted()!;
  }
}

let world: World;
beforeEach(() => {
  world = new World();
});

const holds = ({ trusted, time }: World) => trusted.low <= time && time <= trusted.high;

describe('before any answer', () => {
  test('nothing is trusted, and the phone says what time it is', () => {
    world.setBy = HOUR;
    expect(world.clock.trusted()).toBeNull();
    expect(world.clock.keep()).toBeNull();
    expect(world.clock.now()).toBe(world.time + HOUR);
  });
});

describe('after an answer', () => {
  test('the time is known to the length of the round trip, whatever the phone said', () => {
    world.setBy = -3 * DAY;
    world.hear(800);
    expect(world.trusted).toEqual({ low: world.time - 400, high: world.time + 400 });
    expect(isSure(world.trusted)).toBe(true);
    world.pass(HOUR);
    expect(world.trusted).toEqual({ low: world.time - 400, high: world.time + 400 });
    expect(world.clock.now()).toBe(world.time);
  });

  test('a quick answer makes it narrower, a slow one never wider', () => {
    world.hear(4 * SECOND);
    world.hear(200);
    expect(world.trusted).toEqual({ low: world.time - 100, high: world.time + 100 });
    world.hear(60 * SECOND);
    expect(world.trusted).toEqual({ low: world.time - 100, high: world.time + 100 });
  });

  test('every one resets what a set clock had widened', () => {
    world.hear();
    world.setBy += DAY;
    world.pass(SECOND);
    expect(isSure(world.trusted)).toBe(false);
    world.hear();
    expect(world.trusted).toEqual({ low: world.time, high: world.time });
  });

  test('a server whose clock was put right is believed', () => {
    world.clock.heard(world.time + DAY, world.clock.asking());
    world.hear();
    expect(world.trusted).toEqual({ low: world.time, high: world.time });
  });
});

describe.each([
  ['back', -DAY],
  ['forward', DAY],
])('a clock set %s by a day', (way, by) => {
  test('while the page is open moves neither what is known for sure nor what people read', () => {
    world.hear();
    world.pass(HOUR);
    world.setBy += by;
    world.pass(HOUR);
    expect(world.trusted.low).toBe(world.time);
    expect(world.trusted.high).toBe(way === 'back' ? world.time : world.time + DAY);
    expect(world.clock.now()).toBe(world.time);
  });

  test('before the page is opened again leaves the time unsure, never earlier', () => {
    world.hear();
    world.pass(HOUR);
    const { low } = world.trusted;
    world.reload(6 * HOUR, () => (world.setBy += by));
    expect(world.trusted.low).toBe(low);
    expect(world.trusted.high).toBeGreaterThanOrEqual(world.time);
    expect(isSure(world.trusted)).toBe(false);
  });

  test('in the page that was opened again is seen as before', () => {
    world.hear();
    world.reload(MINUTE);
    world.setBy += by;
    world.pass(MINUTE);
    expect(world.trusted.low).toBe(world.time - MINUTE);
    expect(world.trusted.high).toBe(way === 'back' ? world.time : world.time + DAY);
  });

  test('in sleep is never taken for less time than may have passed', () => {
    world.hear();
    world.clock.hide();
    world.setBy += by;
    world.sleep(HOUR);
    expect(holds(world)).toBe(true);
    expect(isSure(world.trusted)).toBe(false);
  });

  test('and put right again keeps the time unsure until the server is heard', () => {
    world.hear();
    world.setBy += by;
    world.pass(MINUTE);
    world.setBy -= by;
    world.pass(MINUTE);
    expect(world.trusted.high).toBe(world.time + DAY);
    world.hear();
    expect(isSure(world.trusted)).toBe(true);
  });
});

describe('sleep', () => {
  test('is time that only the wall clock has seen', () => {
    world.hear();
    world.sleep(2 * HOUR);
    expect(world.trusted).toEqual({ low: world.time - 2 * HOUR, high: world.time });
    expect(world.clock.now()).toBe(world.time);
  });
});

describe('a reload', () => {
  test('goes on from what was kept', () => {
    world.hear();
    world.pass(HOUR);
    world.reload(2 * SECOND);
    expect(world.trusted).toEqual({ low: world.time - 2 * SECOND, high: world.time });
    expect(world.clock.now()).toBe(world.time);
    expect(isSure(world.trusted)).toBe(true);
  });

  test('hours later knows what must have passed and what may have', () => {
    world.hear();
    world.reload(9 * HOUR);
    world.pass(MINUTE);
    expect(world.trusted).toEqual({ low: world.time - 9 * HOUR, high: world.time });
  });
});

describe('another tab', () => {
  test('tells what it heard, and older news change nothing', () => {
    world.hear();
    const old = world.clock.keep()!;
    world.sleep(HOUR);
    const other = new Clock({ wall: () => world.time + world.setBy, mono: () => 0 });
    other.heard(world.time, other.asking());
    world.clock.resume(other.keep()!);
    expect(world.trusted).toEqual({ low: world.time, high: world.time });
    world.clock.resume(old);
    expect(world.trusted).toEqual({ low: world.time, high: world.time });
  });

  test('with an older answer still raises the low end, but not past what the younger one allows', () => {
    world.hear();
    const old = world.clock.keep()!;
    world.pass(HOUR);
    const slow = world.clock.asking();
    world.time += MINUTE;
    const worker = new Clock({ wall: () => world.time + world.setBy, mono: () => world.time });
    worker.heard(world.time - MINUTE, { ...slow, mono: world.time - MINUTE });
    worker.resume({ ...old, low: old.low + HOUR + MINUTE - SECOND });
    expect(worker.trusted()).toEqual({ low: world.time - SECOND, high: world.time });
    worker.resume({ ...old, low: old.low + DAY });
    expect(worker.trusted()).toEqual({ low: world.time - SECOND, high: world.time });
  });

  test('that was awake raises the low end of one that was not', () => {
    world.hear();
    const kept = world.clock.keep()!;
    world.sleep(HOUR);
    const awake: KeptTime = { ...kept, low: kept.low + HOUR, high: kept.high + HOUR, wall: kept.wall + HOUR };
    world.clock.resume(awake);
    expect(world.trusted.low).toBe(world.time);
  });
});

type Event = { what: 'pass' | 'sleep' | 'hear' | 'reload'; ms: number } | { what: 'set'; by: number };

const passing = fc.record({
  what: fc.constantFrom('pass' as const, 'sleep' as const, 'reload' as const),
  ms: fc.integer({ min: 1, max: 2 * HOUR }),
});
const hearing = fc.record({ what: fc.constant('hear' as const), ms: fc.integer({ min: 0, max: 90 * SECOND }) });
const setting = fc.record({ what: fc.constant('set' as const), by: fc.integer({ min: -2 * DAY, max: 2 * DAY }) });
const events = fc.array(fc.oneof(passing, hearing, setting), { maxLength: 25 });

function happen(event: Event): void {
  if (event.what === 'set') world.setBy += event.by;
  else world[event.what](event.ms);
}

test('whatever anybody does to the clock, low is never in the future and never goes down', () => {
  fc.assert(
    fc.property(events, (all) => {
      world = new World();
      world.hear();
      let { low } = world.trusted;
      for (const event of all) {
        happen(event);
        expect(world.trusted.low).toBeLessThanOrEqual(world.time);
        expect(world.trusted.low).toBeGreaterThanOrEqual(low);
        expect(world.trusted.high).toBeGreaterThanOrEqual(world.trusted.low);
        ({ low } = world.trusted);
      }
    }),
    { numRuns: 300 },
  );
});

test('a clock that is set only while the page looks on hides no more than a second each time', () => {
  fc.assert(
    fc.property(events, (all) => {
      world = new World();
      world.hear();
      let hidden = 0;
      for (const event of all) {
        happen(event);
        world.clock.asking();
        if (event.what === 'set') hidden += SECOND;
        expect(world.trusted.high).toBeGreaterThanOrEqual(world.time - hidden);
      }
    }),
    { numRuns: 300 },
  );
});
