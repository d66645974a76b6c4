import * as fc from 'fast-check';
import { expect, it } from 'vitest';

import { type CheckIn, type Columns, fromColumns, leb128, toColumns, unleb128 } from './columns.ts';
import { manyCheckIns } from './testing/checkins.ts';
import { reasonOf } from './testing/cases.ts';

const COLUMNS = ['at', 'rest', 'subject', 'flags', 'max', 'place'] as const;
const ONE: CheckIn = {
  id: '01a1ed3e-0e00-7000-8000-00000000000a',
  at: 0x01a1ed3e0e00,
  way: 'out',
  subject: '0102030405060708',
  gate: 15,
  place: 300,
  max: 3,
  override: true,
};

it('check-ins come back from their columns, sorted by id', () => {
  fc.assert(
    fc.property(manyCheckIns, (made) => {
      expect(fromColumns(toColumns(made))).toEqual(made.toSorted((a, b) => (a.id < b.id ? -1 : 1)));
    }),
  );
});

it('the columns of one check-in are these bytes', () => {
  expect(toColumns([ONE])).toEqual({
    n: 1,
    at: Uint8Array.of(0x80, 0x9c, 0xf8, 0xe9, 0x9e, 0x34),
    rest: Uint8Array.of(0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, 0x0a),
    subject: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
    flags: Uint8Array.of(0b111111),
    max: Uint8Array.of(3),
    place: Uint8Array.of(0xac, 0x02),
  });
});

it('numbers come back from LEB128, and have one way of writing', async () => {
  fc.assert(
    fc.property(fc.array(fc.maxSafeNat()), (numbers) => {
      expect(unleb128(leb128(numbers), numbers.length)).toEqual(numbers);
    }),
  );
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 12 }), fc.nat(12), async (data, n) => {
      if ((await reasonOf(() => unleb128(data, n))) === null) expect(leb128(unleb128(data, n))).toEqual(data);
    }),
  );
});

it('an id that is not of its time is refused', async () => {
  expect(await reasonOf(() => toColumns([{ ...ONE, at: ONE.at + 1 }]))).toBe('malformed');
});

it('columns with a byte more or less are refused', async () => {
  const columns = toColumns([ONE, { ...ONE, id: '01a1ed3e-0e00-7000-8000-00000000000b' }]);
  for (const name of COLUMNS) {
    for (const column of [Uint8Array.of(...columns[name], 1), columns[name].slice(0, -1)])
      expect(await reasonOf(() => fromColumns({ ...columns, [name]: column }))).toBe('malformed');
  }
  expect(await reasonOf(() => fromColumns({ ...columns, n: 3 }))).toBe('malformed');
});

it('whatever bytes come as columns are read or refused', async () => {
  const bytes = fc.uint8Array({ maxLength: 30 });
  const columns = fc.record<Columns>({
    n: fc.nat(3),
    at: bytes,
    rest: bytes,
    subject: bytes,
    flags: bytes,
    max: bytes,
    place: bytes,
  });
  await fc.assert(
    fc.asyncProperty(columns, async (each) => {
      expect([null, 'malformed']).toContain(await reasonOf(() => fromColumns(each)));
    }),
  );
});
