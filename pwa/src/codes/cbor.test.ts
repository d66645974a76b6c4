import * as fc from 'fast-check';
import { expect, it } from 'vitest';

import { unhex } from './base.ts';
import { type Cbor, decode, encode } from './cbor.ts';
import { reasonOf } from './testing/cases.ts';

const { value: values } = fc.letrec<{ value: Cbor; leaf: Cbor }>((tie) => ({
  leaf: fc.oneof(fc.maxSafeInteger(), fc.boolean(), fc.string({ unit: 'binary' }), fc.uint8Array({ maxLength: 300 })),
  value: fc.oneof(
    { maxDepth: 5 },
    tie('leaf'),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.tuple(fc.integer(), tie('value')), { maxLength: 4 }).map((entries) => new Map(entries)),
  ),
}));

it('a value comes back from its bytes', () => {
  fc.assert(
    fc.property(values, (value) => {
      expect(decode(encode(value))).toEqual(value);
    }),
  );
});

it('bytes that are read have no other way of being written', async () => {
  const heads = fc.constantFrom(0, 0x18, 0x1b, 0x20, 0x41, 0x61, 0x81, 0x82, 0xa1, 0xa2, 0xc0, 0xf5, 0xf9, 0xff);
  const data = fc.array(fc.oneof(heads, fc.nat(255)), { maxLength: 12 }).map((list) => Uint8Array.from(list));
  await fc.assert(
    fc.asyncProperty(data, async (each) => {
      if ((await reasonOf(() => decode(each))) === null) expect(encode(decode(each))).toEqual(each);
    }),
    { numRuns: 2000 },
  );
});

it.each([
  ['nothing', '', 'malformed'],
  ['an item and one more', '0102', 'trailing_bytes'],
  ['a tag and one more item', 'c10102', 'trailing_bytes'],
  ['a simple value and one more item', 'f802', 'malformed'],
  ['an unknown simple value', 'f0', 'malformed'],
  ['minus zero', 'f98000', 'malformed'],
  ['not a number', 'f97e00', 'malformed'],
  ['a key that stands twice', 'a201010102', 'duplicate_keys'],
  ['keys that are not sorted', 'a202010101', 'malformed'],
  ['half a letter', '62c300', 'malformed'],
  ['a lone surrogate', '63eda080', 'malformed'],
  ['seven levels', '8181818181818100', 'malformed'],
])('%s is refused', async (_, data, reason) => {
  expect(await reasonOf(() => decode(unhex(data)))).toBe(reason);
});

it('a byte order mark stays part of a text', () => {
  expect(decode(unhex('64efbbbf41'))).toBe('\ufeffA');
});
