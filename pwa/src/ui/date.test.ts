import { expect, test } from 'vitest';

import { readDate, writeDate } from './date.ts';

test('a whole date is stored as ISO 8601 says', () => {
  expect(writeDate({ day: '2', month: '9', year: '1945' })).toBe('1945-09-02');
});

test('a date typed in part is stored as typed and read back the same', () => {
  for (const parts of [{ day: '2', month: '', year: '' }, { day: '', month: '9', year: '19' }]) {
    expect(readDate(writeDate(parts) ?? '')).toEqual(parts);
  }
});

test('a stored date is shown without leading zeros', () => {
  expect(readDate('1945-09-02')).toEqual({ day: '2', month: '9', year: '1945' });
});

test('nothing typed is nothing stored', () => {
  expect(writeDate({ day: '', month: '', year: '' })).toBeNull();
});
