import { describe, expect, test } from 'vitest';

import type { Value } from '../../../sync/canonical.ts';
import type { Form, Item, Question } from '../rules/form.ts';
import { nested } from '../rules/registers.ts';
import { evaluate } from '../rules/rules.ts';
import { countingRows } from './place.ts';
import type { Place } from './place.ts';
import { problemsAt, stateAt, toSettle } from './progress.ts';

const label = { vi: 'x', en: 'x' };
const question = (name: string, more: Partial<Question> = {}): Question => ({ name, type: 'text', label, ...more });
const children: Item = {
  type: 'repeat',
  name: 'children',
  label,
  questions: [question('name', { required: true }), question('note')],
};
const page = (name: string, ...questions: Item[]) => ({ name, label, questions });
const form = {
  choices: {},
  pages: [
    page('child', question('first', { required: true }), question('born', { type: 'date', required: true })),
    page('more', { type: 'group', name: 'extra', questions: [question('remark')] }),
    page('end', question('thanks', { type: 'note' })),
    page('family', children),
  ],
} as unknown as Form;

const A = 'a'.repeat(20);
const B = 'b'.repeat(20);

function judged(values: Record<string, Value>, unsettled: string[] = []) {
  const { answers, rows } = nested(form, values);
  const evaluation = evaluate(form, answers, { now: Date.UTC(2026, 10, 22), offset: 420 });
  return { form, answers, evaluation, unsettled, rows: countingRows(evaluation.rows, rows) };
}
const at = (index: number): Place => ({ page: form.pages[index]!, trail: [] });

describe('the state of a page', () => {
  test('goes from untouched over started to done', () => {
    expect(stateAt(judged({}), at(0))).toBe('untouched');
    expect(stateAt(judged({ 'answer/first': 'An' }), at(0))).toBe('started');
    expect(stateAt(judged({ 'answer/first': 'An', 'answer/born': '2026-13-01' }), at(0))).toBe('started');
    expect(stateAt(judged({ 'answer/first': 'An', 'answer/born': '2026-11-01' }), at(0))).toBe('done');
  });

  test('says first that two answers wait to be settled', () => {
    expect(stateAt(judged({ 'answer/first': 'An', 'answer/born': '2026-11-01' }, ['born']), at(0))).toBe('settle');
  });

  test('is optional where nothing is necessary, and done where nothing is asked', () => {
    expect(stateAt(judged({}), at(1))).toBe('optional');
    expect(stateAt(judged({}), at(2))).toBe('done');
  });

  test('looks into the rows of repeats; without rows they are optional', () => {
    expect(stateAt(judged({}), at(3))).toBe('optional');
    const one = { [`row/children/${A}`]: true, [`answer/children/${A}/name`]: 'An' };
    expect(stateAt(judged(one), at(3))).toBe('done');
    const two = { ...one, [`row/children/${B}`]: true };
    expect(stateAt(judged(two), at(3))).toBe('started');
    expect(problemsAt(judged(two), at(3))).toEqual(['children[2]/name']);
  });
});

test('two answers in a row are told by its path, those of a row that is gone are not', () => {
  const keys = [`answer/children/${A}/name`, `answer/children/${B}/name`, `row/children/${A}`, 'language'];
  const { rows, evaluation } = judged({ [`row/children/${A}`]: true });
  expect(toSettle(keys, rows, evaluation.relevant)).toEqual(['children[1]/name', 'children[1]']);
});
