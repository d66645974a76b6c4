import { readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import type { Form, Item } from './form.ts';
import { disturbs, moved } from './moved.ts';

const vector = JSON.parse(
  readFileSync(new URL('../../../../../tests/vectors/forms/rows.json', import.meta.url), 'utf8'),
) as { now: number; offset: number; forms: Record<string, Form> };
const { household, types } = vector.forms as { household: Form; types: Form };

/** A form whose items are changed: undefined takes one out. */
function changed(form: Form, change: Record<string, object | undefined>): Form {
  const items = (all: readonly Item[]): Item[] =>
    all.flatMap((item): Item[] => {
      const inner = 'questions' in item ? { ...item, questions: items(item.questions) } : item;
      if (!(item.name in change)) return [inner];
      return change[item.name] === undefined ? [] : [{ ...inner, ...change[item.name] }];
    });
  return { ...form, pages: form.pages.map((page) => ({ ...page, questions: items(page.questions) })) };
}

const fates = (from: Form, to: Form, answers: Record<string, unknown>) =>
  Object.fromEntries(moved(from, to, answers, vector).map(({ path, fate, why }) => [path, `${fate}: ${why}`]));

test('what the next version asks alike is kept', () => {
  const answers = { family: 'Lê', children: [{ name: 'An', age: '3' }, {}], pets: [] };
  expect(fates(household, { ...household, version: '2' }, answers)).toEqual({
    family: 'kept: same',
    'children[1]/name': 'kept: same',
  });
  expect(disturbs(moved(household, household, answers, vector))).toBe(false);
});

test('each answer that is lost or needs another look says why', () => {
  const { label } = household.pages[0]!;
  const next = changed(household, {
    family: { label },
    city: undefined,
    ward: { choice_filter: "name != 'sai_gon'" },
    pets: { relevant: 'false()' },
    born: { type: 'integer' },
    school: { calculation: "'x'", relevant: 'true()' },
  });
  const child = { name: 'An', born: '2015-01-01', school: 'Lê Lợi' };
  const answers = { family: 'Lê', city: 'hcm', ward: 'sai_gon', pets: ['cat'], children: [child] };
  expect(fates(household, next, answers)).toEqual({
    family: 'kept: reworded',
    city: 'dropped: gone',
    ward: 'changed: choice',
    pets: 'dropped: irrelevant',
    'children[1]/name': 'kept: same',
    'children[1]/born': 'changed: type',
    'children[1]/school': 'changed: computed',
  });
});

test('a question that moved out of its rows loses its answers; new limits and types are told', () => {
  const name = { name: 'name', type: 'text', label: types.title } as const;
  const next = changed(household, { children: undefined });
  const outside = { ...next, pages: [...next.pages, { name: 'new', label: types.title, questions: [name] }] };
  expect(fates(household, outside, { children: [{ name: 'An' }] })).toEqual({ 'children[1]/name': 'dropped: rows' });
  const limited = changed(types, { n: { constraint: '. > 5' }, photo: { type: 'audio' } });
  const photo = { name: 'a.jpg', type: 'image/jpeg', len: 1, sha256: 'a'.repeat(64) };
  expect(fates(types, limited, { n: 3, photo })).toEqual({ n: 'changed: constraint', photo: 'changed: file' });
});
