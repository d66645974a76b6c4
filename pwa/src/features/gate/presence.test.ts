import * as fc from 'fast-check';
import { expect, it } from 'vitest';

import { idAt } from '../../codes/testing/checkins.ts';
import { CheckIns, type Event, index, presence } from './presence.ts';

const SUBJECTS = ['0102030405060708', 'ffeeddccbbaa9988'];

/** Few subjects, few times and few ids, so that sets of them hold doubles, undos and things told twice. */
const ids = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.nat(3));
const idOf = ([at, n]: [number, number]) => idAt(at, new Uint8Array(10).with(9, n));
const sets: fc.Arbitrary<Event[]> = fc
  .uniqueArray(
    fc.record({
      id: ids,
      way: fc.constantFrom('in', 'in', 'out', 'undo'),
      subject: fc.constantFrom(...SUBJECTS),
      max: fc.nat(2),
      override: fc.boolean(),
      of: ids,
    }),
    { selector: ({ id }) => idOf(id), maxLength: 16 },
  )
  .map((made) =>
    made.map(({ id: [at, n], way, of, ...rest }): Event => {
      const id = idOf([at, n]);
      if (way === 'undo') return { id, at, way, of: idOf(of) };
      return { id, at, way, ...rest, gate: n, place: 7, shown: n === 0 ? idOf(of) : null };
    }),
  );

it('the order in which check-ins come, and how often, makes no difference', () => {
  fc.assert(
    fc.property(sets, fc.infiniteStream(fc.nat()), (events, chance) => {
      const among = (items: readonly Event[]) => items[(chance.next().value as number) % items.length]!;
      const repeated = events.flatMap((event) => [event, among(events)]);
      const shuffled: Event[] = [];
      for (const event of repeated) shuffled.splice((chance.next().value as number) % (shuffled.length + 1), 0, event);
      expect(says(index(shuffled))).toEqual(says(index(events)));
    }),
  );
});

it('asking in between makes no difference', () => {
  fc.assert(
    fc.property(sets, (events) => {
      const asked = new CheckIns();
      for (const event of events) {
        asked.add(event);
        says(asked);
      }
      expect(says(asked)).toEqual(says(index(events)));
    }),
  );
});

it('guards who know different parts come to the same once each has all', () => {
  const told = fc.array(fc.boolean(), { minLength: 16, maxLength: 16 });
  fc.assert(
    fc.property(sets, told, told, (events, toOne, toOther) => {
      const one = index(events.filter((_, at) => toOne[at]));
      const other = index(events.filter((_, at) => toOther[at]));
      for (const event of events) if (!toOne[events.indexOf(event)]) one.add(event);
      for (const event of events.toReversed()) if (!toOther[events.indexOf(event)]) other.add(event);
      expect(says(one)).toEqual(says(other));
    }),
  );
});

it('of two entries at once just one loses, and everybody sees which', () => {
  fc.assert(
    fc.property(sets, (events) => {
      for (const subject of SUBJECTS) {
        const { conflicts, entries } = index(events).of(subject);
        expect(new Set(conflicts.map(({ loser }) => loser)).size).toBe(conflicts.length);
        for (const { winner, loser } of conflicts) expect(winner < loser).toBe(true);
        expect(conflicts.length).toBeLessThan(Math.max(1, entries));
      }
    }),
  );
});

it('what an incremental set says is what its check-ins say together', () => {
  fc.assert(
    fc.property(sets, (events) => {
      const checkIns = index(events);
      for (const subject of SUBJECTS)
        expect(checkIns.of(subject)).toEqual(presence(checkIns.checkIns().filter((each) => each.subject === subject)));
    }),
  );
});

function says(checkIns: CheckIns): unknown {
  const shown = Array.from({ length: 24 }, (_, n) => checkIns.wasShown(idOf([1 + (n >> 2), n & 3])));
  return [SUBJECTS.map((subject) => checkIns.of(subject)), shown, new Set(checkIns.checkIns().map(({ id }) => id))];
}
