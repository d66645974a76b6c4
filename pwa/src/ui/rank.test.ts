import { expect, test } from 'vitest';

import { completed, moved } from './rank.ts';

test('a thing moves up and down by one place, and stays at the ends', () => {
  expect(moved(['a', 'b', 'c'], 'c', -1)).toEqual(['a', 'c', 'b']);
  expect(moved(['a', 'b', 'c'], 'a', 1)).toEqual(['b', 'a', 'c']);
  expect(moved(['a', 'b', 'c'], 'a', -1)).toEqual(['a', 'b', 'c']);
  expect(moved(['a', 'b', 'c'], 'c', 1)).toEqual(['a', 'b', 'c']);
});

test('an order that lacks things gets them at its end, and loses what is not asked for', () => {
  expect(completed(['c', 'x'], ['a', 'b', 'c'])).toEqual(['c', 'a', 'b']);
});
