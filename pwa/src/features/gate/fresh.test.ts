import { expect, test } from 'vitest';

import { freshness } from './fresh.ts';

const NOW = 1_795_597_000_000;
const HOUR = 3_600_000;
const list = { iat: NOW / 1000 - 600, exp: NOW / 1000 + 28_200 };

test('a list of ten minutes ago is fresh', () => {
  expect(freshness(list, { low: NOW, high: NOW })).toEqual({ look: 'fresh', at: NOW - 600_000 });
});

test('it is old after an hour, after its end, and when it may be that late', () => {
  expect(freshness(list, { low: NOW + HOUR, high: NOW + HOUR }).look).toBe('old');
  expect(freshness({ ...list, exp: NOW / 1000 }, { low: NOW, high: NOW }).look).toBe('old');
  expect(freshness(list, { low: NOW, high: NOW + HOUR }).look).toBe('old');
});

test('without a list or without the time nothing is said of freshness', () => {
  expect(freshness(null, { low: NOW, high: NOW })).toEqual({ look: 'none' });
  expect(freshness(list, null)).toEqual({ look: 'untimed' });
});
