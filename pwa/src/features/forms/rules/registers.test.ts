import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { Value } from '../../../sync/canonical.ts';
import { answerAt } from './answers.ts';
import type { Form, Item } from './form.ts';
import { countedId, keyOf, nested, pathOf, rowId, rowKeyOf } from './registers.ts';

const text = { vi: 'x', en: 'x' };
const question = (name: string): Item => ({ name, type: 'text', label: text });
const repeat = (name: string, questions: Item[], count?: string): Item => ({
  type: 'repeat',
  name,
  label: text,
  questions,
  ...(count !== undefined && { count }),
});
const children = repeat('children', [
  question('name'),
  { type: 'group', name: 'more', questions: [repeat('toys', [question('title')])] },
]);
const form: Form = {
  form: 'motcua-form/2',
  code: 'x',
  version: '1',
  unit: 'u',
  title: text,
  summary: text,
  fee: { amount: '0' },
  days: { working: 1 },
  result: text,
  bring: [],
  authority: text,
  notes: [],
  choices: {},
  pages: [
    { name: 'page', label: text, questions: [question('who'), children, repeat('guests', [question('guest')], '2')] },
  ],
};
const [A, B, C] = ['0193a0000000aaaaaaaa', '0193a0000001bbbbbbbb', '0193a0000002cccccccc'] as const;
const values: Record<string, Value> = {
  owner: 'p',
  'answer/who': 'Lê',
  'answer/gone': 'kept',
  [`row/children/${B}`]: true,
  [`row/children/${A}`]: true,
  [`row/children/${C}`]: false,
  [`answer/children/${A}/name`]: 'An',
  [`answer/children/${B}/name`]: 'Bình',
  [`answer/children/${C}/name`]: 'nobody',
  [`answer/children/0193a0000003dddddddd/name`]: 'nobody',
  [`row/children/${B}/toys/${C}`]: true,
  [`row/children/${B}/toys/${A}`]: true,
  [`answer/children/${B}/toys/${C}/title`]: 'ball',
  [`row/children/${C}/toys/${A}`]: true,
  [`from/children/${A}/name`]: 'card/name',
  [`answer/guests/${countedId(2)}/guest`]: 'Chi',
};

describe('registers', () => {
  test('rows stand in the order of their ids; those that are not there, and what is in them, are left out', () => {
    expect(nested(form, values).answers).toEqual({
      who: 'Lê',
      gone: 'kept',
      children: [{ name: 'An' }, { name: 'Bình', toys: [{}, { title: 'ball' }] }],
      guests: [{}, { guest: 'Chi' }],
    });
  });

  test('the rows of each repeat are listed by its path', () => {
    expect(Object.fromEntries(nested(form, values).rows)).toEqual({
      children: [A, B],
      'children[2]/toys': [A, C],
      guests: [countedId(1), countedId(2)],
    });
  });

  test('a path leads to its register and back', () => {
    const { rows } = nested(form, values);
    const pairs = {
      who: 'answer/who',
      'children[1]/name': `answer/children/${A}/name`,
      'children[2]/toys[2]/title': `answer/children/${B}/toys/${C}/title`,
      'guests[2]/guest': `answer/guests/${countedId(2)}/guest`,
    };
    for (const [path, key] of Object.entries(pairs)) {
      expect(keyOf(path, rows)).toBe(key);
      expect(pathOf(key, rows)).toBe(path);
    }
    expect(rowKeyOf('children[2]/toys[1]', rows)).toBe(`row/children/${B}/toys/${A}`);
    expect(pathOf(`row/children/${B}/toys/${A}`, rows)).toBe('children[2]/toys[1]');
  });

  test('a row that is gone has no path, and a counted one that was not begun has a register', () => {
    const { rows } = nested(form, values);
    expect(pathOf(`answer/children/${C}/name`, rows)).toBeNull();
    expect(pathOf('owner', rows)).toBeNull();
    expect(keyOf('guests[7]/guest', rows)).toBe(`answer/guests/${countedId(7)}/guest`);
  });

  test('every answer in a row that is there is found at its path', () => {
    const ids = fc.constantFrom(A, B, C);
    const key = fc.oneof(
      fc.constant('answer/who'),
      ids.map((id) => `answer/children/${id}/name`),
      fc.tuple(ids, ids).map(([one, two]) => `answer/children/${one}/toys/${two}/title`),
      ids.map((id) => `row/children/${id}`),
      fc.tuple(ids, ids).map(([one, two]) => `row/children/${one}/toys/${two}`),
    );
    fc.assert(
      fc.property(fc.array(key), (keys) => {
        const some = Object.fromEntries(keys.map((each) => [each, each.startsWith('row') ? true : each]));
        const { answers, rows } = nested(form, some);
        for (const each of keys.filter((name) => name.startsWith('answer'))) {
          const path = pathOf(each, rows);
          if (path !== null) {
            expect(answerAt(answers, path)).toBe(each);
            expect(keyOf(path, rows)).toBe(each);
          }
        }
      }),
    );
  });

  test('a new row stands after all others, even when the clock went back', () => {
    const random = new Uint8Array([1, 2, 3, 255]);
    expect(rowId(0x0193a0000000, random)).toBe('0193a0000000010203ff');
    expect(rowId(5, random, [A, B]) > B).toBe(true);
    expect(rowId(5, random, [A, B])).toMatch(/^[0-9a-f]{20}$/);
  });
});
