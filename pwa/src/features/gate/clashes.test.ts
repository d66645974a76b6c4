import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import type { CheckIn } from '../../codes/columns.ts';
import { clashes } from './clashes.ts';
import { index } from './presence.ts';
import { dayStart, tally } from './tally.ts';

const HOUR = 3_600_000;
const NOON = new Date(2026, 10, 25, 12).getTime();

function event(n: number, changes: Partial<CheckIn> = {}): CheckIn {
  const at = changes.at ?? NOON + n * 60_000;
  return { id: `id-${n}`, at, way: 'in', subject: 'a', gate: 0, place: 1, max: 1, override: false, ...changes };
}

test('one code that two gates let in is one conflict, the same whatever came first', () => {
  const both = [event(1), event(2, { gate: 1 })];
  const [found] = clashes(index(both), NOON + HOUR);
  expect(found).toMatchObject({ kind: 'double', winner: { id: 'id-1' }, loser: { id: 'id-2', gate: 1 } });
  expect(clashes(index([...both].reverse()), NOON + HOUR)).toEqual([found]);
});

test('what was long ago, undone or let in by decision is no conflict to look into', () => {
  const both = [event(1), event(2, { gate: 1 })];
  expect(clashes(index(both), NOON + 13 * HOUR)).toEqual([]);
  expect(clashes(index([...both, { id: 'u', at: NOON, way: 'undo', of: 'id-2' }]), NOON)).toEqual([]);
  expect(clashes(index([event(1), event(2, { override: true })]), NOON)).toEqual([]);
});

test('a day is counted at a place, and for meetings where they are known', () => {
  const set = index([
    event(1),
    event(2, { subject: 'b' }),
    event(3, { subject: 'b', way: 'out' }),
    event(4, { subject: 'b' }),
    event(5, { subject: 'c', place: 2 }),
    event(6, { subject: 'd', at: NOON - 24 * HOUR }),
  ]);
  const counted = tally({ set, guests: new Map([['b', '0a1b2c']]), place: 1, from: dayStart(NOON) });
  expect(counted.all).toEqual({ entered: 3, inside: 2 });
  expect(counted.meetings.get('0a1b2c')).toEqual({ entered: 2, inside: 1 });
});

test('nobody is inside more than once, and never more than came in', () => {
  const events = fc.array(
    fc.record({
      n: fc.nat(40),
      way: fc.constantFrom('in' as const, 'out' as const),
      subject: fc.constantFrom('a', 'b'),
    }),
  );
  fc.assert(
    fc.property(events, (all) => {
      const set = index(all.map(({ n, ...rest }) => event(n, rest)));
      const { entered, inside } = tally({ set, guests: new Map(), place: 1, from: 0 }).all;
      expect(inside).toBeLessThanOrEqual(Math.min(entered, 2));
    }),
  );
});
