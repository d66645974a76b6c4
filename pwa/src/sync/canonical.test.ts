import * as fc from 'fast-check';
import { expect, it } from 'vitest';

import * as canonical from './canonical.ts';
import type { Value } from './canonical.ts';
import { refusal } from './testing/vectors.ts';
import { values } from './testing/arbitraries.ts';

it('R10 a value comes back from its canonical bytes', () => {
  const law = fc.property(values, (value) => {
    expect(canonical.decode(canonical.encode(value))).toEqual(positive(value));
  });
  fc.assert(law);
});

it('R10 any way of writing a value has the same canonical bytes', () => {
  fc.assert(
    fc.property(values, (value) => {
      const loose = JSON.stringify(value, null, 1);
      expect(canonical.stringify(canonical.decode(loose))).toBe(canonical.stringify(value));
    }),
  );
});

it('G5 whatever comes is read or refused as json', async () => {
  const letters = fc.string({ unit: fc.constantFrom(...Array.from('[]{}",:\\u0189-.eE tnrfalsN')) });
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.string(), letters, fc.uint8Array()), async (data) => {
      expect([null, 'json']).toContain(await refusal(() => canonical.decode(data)));
    }),
  );
});

it.each([1.5, NaN, Infinity, undefined, 1n, Symbol('x'), () => 1])('R10 %s is refused', async (value) => {
  expect(await refusal(() => canonical.check(value))).toBe('value_type');
  expect(await refusal(() => canonical.check([{ a: value }]))).toBe('value_type');
});

it('R10 an integer past 2^53-1 is refused', async () => {
  expect(await refusal(() => canonical.check(2 ** 53))).toBe('value_integer');
});

/** JavaScript has two zeros, JSON texts of R10 have one. */
function positive(value: Value): Value {
  return JSON.parse(JSON.stringify(value)) as Value;
}
