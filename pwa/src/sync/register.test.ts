import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Change } from './change.ts';
import * as change from './change.ts';
import * as record from './record.ts';
import * as register from './register.ts';
import type { Head, Register } from './register.ts';
import { byStamp, changes, registers, states } from './testing/arbitraries.ts';

const { join } = register;

describe('a join of registers', () => {
  it('R6 is idempotent', () => {
    const law = fc.property(registers, (a) => {
      expect(join(a, a)).toEqual(a);
    });
    fc.assert(law);
  });

  it('R6 is commutative', () => {
    const law = fc.property(registers, registers, (a, b) => {
      expect(join(a, b)).toEqual(join(b, a));
    });
    fc.assert(law);
  });

  it('R6 is associative', () => {
    const law = fc.property(registers, registers, registers, (a, b, c) => {
      expect(join(join(a, b), c)).toEqual(join(a, join(b, c)));
    });
    // The first breaks contexts of single heads (SPEC.md R4); the second has two values of one stamp.
    fc.assert(law, {
      examples: [
        [one(1, 'a', '1'), one(2, 'b', '2', { a: 1 }), one(3, 'c', '3', { b: 2 })],
        [one(1, 'a', 'x'), one(1, 'a', 'y'), one(2, 'b', 'z', { a: 1 })],
      ],
    });
  });

  it('R6 has seen both and nothing else', () => {
    fc.assert(
      fc.property(registers, registers, (a, b) => {
        const both = join(a, b);
        expect([join(both, a), join(both, b)]).toEqual([both, both]);
        expect(new Set(both.context.keys())).toEqual(new Set([...a.context.keys(), ...b.context.keys()]));
      }),
    );
  });

  it('R3 keeps heads in stamp order, one a replica, within the context', () => {
    fc.assert(
      fc.property(registers, registers, (a, b) => {
        const { heads, context } = join(a, b);
        expect(heads).toEqual(heads.toSorted(byStamp));
        expect(new Set(heads.map(({ replica }) => replica)).size).toBe(heads.length);
        for (const { n, replica } of heads) expect(n).toBeLessThanOrEqual(context.get(replica) ?? 0);
      }),
    );
  });

  it('R5 keeps the changes that no other change covers, in any order, number and grouping', () => {
    fc.assert(
      fc.property(oneKey(changes), fc.infiniteStream(fc.nat()), (made, chance) => {
        const uncovered = made.filter((a) => !made.some((b) => covers(b, a)));
        const parts = [...made, ...made].map(change.register);
        const joined = inGroups(parts, chance);
        expect(new Set(joined.heads.map(stamp))).toEqual(new Set(uncovered.map(stamp)));
        expect(joined).toEqual(inGroups(made.map(change.register), chance));
      }),
    );
  });

  it('R8 never covers the greatest stamp of all', () => {
    fc.assert(
      fc.property(oneKey(changes, 1), (made) => {
        const last = made.map(change.register).reduce(join).heads.at(-1);
        expect(last && stamp(last)).toBe(made.toSorted(byStamp).map(stamp).at(-1));
      }),
    );
  });
});

describe('states', () => {
  it('R6 obey the same laws, and equal states have equal digests', async () => {
    await fc.assert(
      fc.asyncProperty(states, states, states, async (a, b, c) => {
        const left = record.join(record.join(a, b), c);
        const right = record.join(a, record.join(c, b));
        expect(left).toEqual(right);
        expect(await record.digest(left)).toBe(await record.digest(right));
      }),
    );
  });

  it('R9 do not show a removed key, and keep its conflict', () => {
    const removal = { heads: [{ n: 1, replica: 'b', value: null, at: 1 }], context: new Map([['b', 1]]) };
    const removed = join(one(1, 'a', 'x'), removal);
    const state = new Map([['k', removed], ['l', one(1, 'a', 'y')]]);
    expect(record.shown(state)).toEqual({ l: 'y' });
    expect(record.conflicts(state)).toEqual({ k: [{ n: 1, replica: 'a', value: 'x', at: 1 }] });
  });
});

function one(n: number, replica: string, value: string, context: Record<string, number> = {}): Register {
  return { heads: [{ n, replica, value, at: 1 }], context: new Map([...Object.entries(context), [replica, n]]) };
}

function oneKey(some: fc.Arbitrary<Change>, minLength = 0): fc.Arbitrary<Change[]> {
  return fc.array(some.map((each) => ({ ...each, key: 'k' })), { minLength, maxLength: 8 });
}

/** Says R5 in other words than the code does. */
function covers(b: Change, a: Change): boolean {
  return a.n <= (b.context.get(a.replica) ?? 0) || (a.replica === b.replica && a.n < b.n);
}

/** Joins `parts` pair by pair, in an order that `chance` chooses. */
function inGroups(parts: Register[], chance: fc.Stream<number>): Register {
  const left = [...parts];
  const draw = (): Register => left.splice((chance.next().value ?? 0) % left.length, 1)[0]!;
  while (left.length > 1) left.push(join(draw(), draw()));
  return left[0] ?? { heads: [], context: new Map() };
}

function stamp({ n, replica }: Head | Change): string {
  return `${n} ${replica}`;
}
