import * as fc from 'fast-check';
import { expect, it } from 'vitest';

import type { Change } from './change.ts';
import { Invalid } from './limits.ts';
import * as record from './record.ts';
import type { State } from './record.ts';
import { changes, histories, NAME, replicas, REPLICAS } from './testing/arbitraries.ts';
import { play, type Step } from './testing/history.ts';

it('G1 replicas that have all met are equal', async () => {
  await fc.assert(
    fc.asyncProperty(histories, fc.shuffledSubarray(REPLICAS, { minLength: 4 }), async (history, tour) => {
      const { states, changes: made } = play(history);
      const all = tour.map((replica) => states.get(replica) ?? record.EMPTY).reduce(record.join);
      const met = tour.map((replica) => record.join(states.get(replica) ?? record.EMPTY, all));
      const digests = await Promise.all([...met, ofChanges(made)].map(record.digest));
      expect(new Set(digests).size).toBe(1);
    }),
  );
});

it('G1 changes in any order and number give one state', () => {
  const shuffled = histories
    .map((history) => play(history).changes)
    .chain((made) =>
      fc.tuple(fc.constant(made), fc.shuffledSubarray([...made, ...made], { minLength: made.length * 2 })),
    );
  const law = fc.property(shuffled, ([made, mixed]) => {
    expect(ofChanges(mixed)).toEqual(ofChanges(made));
  });
  fc.assert(law);
});

it('R5 a value disappears exactly when a later write had seen it', () => {
  fc.assert(
    fc.property(histories, (history) => {
      const meetings = history.filter(([what]) => what === 'write' || what === 'meet');
      const made = play(meetings).changes;
      const covered = made.map((by, later) => seenBy(meetings, later).filter((number) => made[number]?.key === by.key));
      const lost = new Set(covered.flat());
      const kept = made.filter((_, number) => !lost.has(number)).map(({ key, n, replica }) => `${key} ${n} ${replica}`);
      const heads = [...ofChanges(made)].flatMap(([key, register]) =>
        register.heads.map(({ n, replica }) => `${key} ${n} ${replica}`),
      );
      expect(new Set(heads)).toEqual(new Set(kept));
    }),
  );
});

it('R13 replicas that meet only through the server are never refused', () => {
  fc.assert(
    fc.property(histories, (history) => {
      const { codes } = play(history.filter(([what]) => what !== 'meet'));
      expect(codes.filter((code) => code !== 'ok')).toEqual([]);
    }),
  );
});

it('R13 nobody can silence what an honest replica writes', () => {
  const hostile = fc.array(changes.filter(({ replica }) => replica !== 'd'));
  fc.assert(
    fc.property(hostile, hostile, replicas, (before, after, value) => {
      const known = admitted(record.EMPTY, before);
      const honest = record.write(known, { ...NAME, key: 'language', replica: 'd', value, at: 1 });
      const server = record.admit(admitted(known, after), honest);
      expect(server.get('language')?.heads.map(({ n, replica }) => [n, replica])).toContainEqual([honest.n, 'd']);
    }),
  );
});

/** Return which changes the writer of change `later` knew, by number and without any contexts. */
function seenBy(history: readonly Step[], later: number): number[] {
  const known = new Map<string, Set<number>>();
  let count = 0;
  for (const [what, replica, other] of history) {
    const own = known.get(replica) ?? new Set<number>();
    known.set(replica, own);
    if (what === 'meet') for (const number of known.get(other) ?? []) own.add(number);
    else if (count === later) return [...own];
    else own.add(count++);
  }
  return [];
}

function ofChanges(made: readonly Change[]): State {
  return made.reduce(record.apply, record.EMPTY);
}

/** Return what an honest server holds after all `offered`, without those it refuses. */
function admitted(state: State, offered: readonly Change[]): State {
  return offered.reduce((before, each) => {
    try {
      return record.admit(before, each);
    } catch (error) {
      if (error instanceof Invalid) return before;
      throw error;
    }
  }, state);
}
