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

test('T4 what the server asked for is waited for, and the jitter on top of it is no narrower', () => {
  const chances = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), chances, fc.nat(600_000), (failures, chance, more) => {
      const asked = more + 1;
      const wait = delay(failures, chance, asked);
      expect(wait).toBeGreaterThanOrEqual(asked);
      expect(wait).toBeLessThanOrEqual(asked + Math.max(asked, Math.min(60_000, delay(failures, 1))));
    }),
  );
  expect([1, 6, 12].map((failures) => delay(failures, 0.5, 2_000))).toEqual([3_000, 18_000, 32_000]);
});

test('T4 twenty thousand phones that were told "5 s" do not all come in one second', () => {
  const seconds = new Map<number, number>();
  for (let phone = 0; phone < 20_000; phone += 1) {
    const second = Math.floor(delay(1, phone / 20_000, 5_000) / 1_000);
    seconds.set(second, (seconds.get(second) ?? 0) + 1);
  }
  expect([...seconds.keys()]).toEqual([5, 6, 7, 8, 9]);
  expect(Math.max(...seconds.values())).toBeLessThanOrEqual(4_001);
});

test('R1 an id is the UUIDv7 of RFC 9562, appendix A.6', () => {
  const random = Uint8Array.from([0x0c, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f]);
  expect(uuid7(0x017f22e279b0, random)).toBe('017f22e2-79b0-7cc3-98c4-dc0c0c07398f');
});
