/** Values, registers, changes and histories, as fast-check makes them up. */

import * as fc from 'fast-check';

import type { Value } from '../canonical.ts';
import type { Change } from '../change.ts';
import type { State } from '../record.ts';
import type { Head, Register } from '../register.ts';
import type { Step } from './history.ts';

export const REPLICAS = ['a', 'b', 'c', 'd'];
export const KEYS = ['language', 'answer/name', 'answer/children'];
export const NAME = { kind: 'draft', id: '0193569a-3f00-7000-8000-000000000001' };

export const texts = fc.string({ unit: 'binary', maxLength: 8 }).map((text) => text.normalize('NFC'));
export const values: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', maxDepth: 4 },
    fc.oneof(fc.constant(null), fc.boolean(), fc.maxSafeInteger(), texts),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(texts, tie('value'), { maxKeys: 3, noNullPrototype: true }),
  ),
})).value;
export const fewValues = fc.constantFrom<Value[]>(null, true, 1, 'x', 'y', [], { z: '\u{1f600}' });
export const replicas = fc.constantFrom(...REPLICAS);
export const keys = fc.constantFrom(...KEYS);
export const contexts = fc
  .uniqueArray(fc.tuple(replicas, fc.integer({ min: 1, max: 6 })), { selector: ([replica]) => replica })
  .map((entries) => new Map(entries));

/** Any register of R3 and R4: hostile contexts and two values of one stamp among them. */
export const registers: fc.Arbitrary<Register> = contexts.chain((context) =>
  fc
    .tuple(
      ...[...context].map(([replica, n]) =>
        fc.option(
          fc.record({
            n: fc.integer({ min: Math.max(1, n - 2), max: n }),
            replica: fc.constant(replica),
            value: fewValues,
            at: fc.integer({ min: 1, max: 2 }),
          }),
        ),
      ),
    )
    .map((heads) => ({ heads: heads.filter((head): head is Head => head !== null).sort(byStamp), context })),
);

export const states: fc.Arbitrary<State> = fc
  .uniqueArray(fc.tuple(keys, registers), { selector: ([key]) => key })
  .map((entries) => new Map(entries));

/** Any change that `change.parse` lets through, whatever its writer claims to have seen. */
export const changes: fc.Arbitrary<Change> = contexts.chain((context) =>
  fc.record({
    kind: fc.constant(NAME.kind),
    id: fc.constant(NAME.id),
    key: keys,
    n: fc.integer({ min: 1 + Math.max(0, ...context.values()), max: 8 }),
    replica: replicas,
    value: fewValues,
    at: fc.integer({ min: 1, max: 2 }),
    context: fc.constant(context),
  }),
);

export const histories: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.tuple(fc.constant('write' as const), replicas, keys, fewValues),
    fc.tuple(fc.constant('meet' as const), replicas, replicas),
    fc.tuple(fc.constant('push' as const), replicas),
    fc.tuple(fc.constant('pull' as const), replicas),
  ),
  { maxLength: 40 },
);

export function byStamp(a: Head, b: Head): number {
  return a.n - b.n || (a.replica < b.replica ? -1 : 1);
}
