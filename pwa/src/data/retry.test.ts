import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { uuid7 } from './ids.ts';
import { delay } from './retry.ts';

test('T1 the wait is anywhere up to a bound that doubles from 1 s to 5 min', () => {
  const chances = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2000 }), chances, (failures, chance) => {
      const wait = delay(failures, chance);
      expect(wait).toBeGreaterThanOrEqual(0);
      expect(wait).toBeLessThanOrEqual(Math.min(300_000, 1000 * 2 ** (failures - 1)));
    }),
  );
  expect([1, 2, 3, 20].map((failures) => delay(failures, 0.5))).toEqual([500, 1000, 2000, 150_000]);
});

test('R1 an id is the UUIDv7 of RFC 9562, appendix A.6', () => {
  const random = Uint8Array.from([0x0c, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f]);
  expect(uuid7(0x017f22e279b0, random)).toBe('017f22e2-79b0-7cc3-98c4-dc0c0c07398f');
});
