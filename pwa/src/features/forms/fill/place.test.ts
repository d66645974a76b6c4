import { describe, expect, test } from 'vitest';

import type { Form, Repeat } from '../rules/form.ts';
import { around, countingRows, hrefOf, hrefOfPath, keysWithin } from './place.ts';
import { placeAt, placeOfPath, rowKey, rowsAt, within } from './place.ts';

const text = { vi: 'x', en: 'x' };
const toy = { name: 'toy', type: 'text', label: text } as const;
const toys: Repeat = { type: 'repeat', name: 'toys', label: text, questions: [toy] };
const children: Repeat = {
  type: 'repeat',
  name: 'children',
  label: text,
  questions: [{ name: 'name', type: 'text', label: text }, { type: 'group', name: 'things', questions: [toys] }],
};
const form = {
  pages: [
    { name: 'sender', label: text, questions: [{ name: 'who', type: 'text', label: text }] },
    { name: 'family', label: text, questions: [{ type: 'group', name: 'all', questions: [children] }] },
  ],
} as unknown as Form;
const rows = new Map([
  ['children', ['c1', 'c2']],
  ['children[2]/toys', ['t1']],
]);

describe('a place', () => {
  test('is found by the ids of rows, through groups, and knows paths, keys and its address', () => {
    const place = placeAt(form, rows, 'family', ['children', 'c2', 'toys', 't1']);
    expect(place).not.toBeNull();
    expect(within(place!)).toBe('children[2]/toys[1]/');
    expect(keysWithin(place!)).toBe('children/c2/toys/t1/');
    expect(rowKey(place!)).toBe('row/children/c2/toys/t1');
    expect(hrefOf('d', place!)).toBe('/drafts/d/family/children/c2/toys/t1');
    expect(within(around(place!)!)).toBe('children[2]/');
    expect(around(placeAt(form, rows, 'family', [])!)).toBeNull();
  });

  test.each([
    ['nowhere', []],
    ['family', ['children', 'gone']],
    ['family', ['toys', 't1']],
    ['sender', ['children', 'c1']],
  ])('is none where nothing is asked: %s %j', (page, steps) => {
    expect(placeAt(form, rows, page, steps)).toBeNull();
  });

  test('keeps the address of a row when another one comes before it', () => {
    const more = new Map([['children', ['c0', 'c1', 'c2']]]);
    expect(within(placeAt(form, more, 'family', ['children', 'c2'])!)).toBe('children[3]/');
  });
});

describe('a path', () => {
  test.each([
    ['who', '/drafts/d/sender#who'],
    ['children', '/drafts/d/family#children'],
    ['children[1]/name', '/drafts/d/family/children/c1#children%5B1%5D%2Fname'],
    ['children[2]/toys[1]/toy', '/drafts/d/family/children/c2/toys/t1#children%5B2%5D%2Ftoys%5B1%5D%2Ftoy'],
  ])('%s leads to %s', (path, href) => expect(hrefOfPath('d', form, rows, path)).toBe(href));

  test.each(['else', 'children[3]/name'])('%s leads nowhere', (path) =>
    expect(placeOfPath(form, rows, path)).toBeNull(),
  );
});

test('rows that a count asks for are there before anyone writes in them', () => {
  const counted = countingRows(new Map([['children', 2]]), new Map([['children', ['c1']]]));
  const place = placeAt(form, counted, 'family', [])!;
  expect(rowsAt(place, children, counted).map(({ id, path }) => [id, path])).toEqual([
    ['c1', 'children[1]'],
    ['00000000000000000002', 'children[2]'],
  ]);
});
