import { expect, test } from 'vitest';

import { match } from './match.ts';

test('a path that fits gives its named parts', () => {
  expect(match('/drafts/:id/:page', '/drafts/0192/child')).toEqual({ id: '0192', page: 'child' });
});

test('a path of another length or with other words does not fit', () => {
  expect(match('/drafts/:id', '/drafts')).toBeNull();
  expect(match('/drafts/:id', '/drafts/1/2')).toBeNull();
  expect(match('/drafts/:id/review', '/drafts/1/child')).toBeNull();
});

test('an empty part is not a name', () => {
  expect(match('/drafts/:id', '/drafts/')).toBeNull();
  expect(match('/drafts/:id', '/drafts/%E0%A4%A')).toBeNull();
});
