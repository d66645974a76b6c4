import { expect, it } from 'vitest';

import { unbase64url } from '../sync/batch.ts';
import { fromCnf, toCnf } from './cnf.ts';
import { importKey } from './keys.ts';
import { newPhone } from './testing/checkins.ts';
import { reasonOf } from './testing/cases.ts';

it('a key comes back from its cnf, whichever sign its y has', async () => {
  const signs = new Set<number>();
  while (signs.size < 2) {
    const { jwk } = await newPhone();
    expect(fromCnf(toCnf(jwk))).toEqual(jwk);
    signs.add(unbase64url(jwk.y).at(-1)! & 1);
  }
});

it('what cnf gives is a point that browsers import', async () => {
  const { jwk } = await newPhone();
  const inner = (key: number, value: unknown) => new Map([...(toCnf(jwk).get(1) as Map<number, never>), [key, value]]);
  const opposite = new Map([[1, inner(-3, (unbase64url(jwk.y).at(-1)! & 1) === 0)]]);
  expect((await importKey(fromCnf(opposite as never))).type).toBe('public');
  const past = new Uint8Array(32).fill(255);
  for (const wrong of [inner(-2, past), inner(-2, past.subarray(1)), inner(-3, 1), inner(1, 3)])
    expect(await reasonOf(() => fromCnf(new Map([[1, wrong]]) as never))).toBe('malformed');
  expect(await reasonOf(() => fromCnf(undefined))).toBe('malformed');
});

it('about half of all x are on no point, and those are refused', async () => {
  const reasons = Array.from({ length: 64 }, (_, x) => {
    const key = new Map<number, number | boolean | Uint8Array>([
      [1, 2],
      [-1, 1],
      [-2, new Uint8Array(32).with(31, x)],
      [-3, false],
    ]);
    return reasonOf(() => fromCnf(new Map([[1, key]]) as never));
  });
  const refused = (await Promise.all(reasons)).filter((reason) => reason === 'malformed').length;
  expect(refused).toBeGreaterThan(16);
  expect(refused).toBeLessThan(48);
});
