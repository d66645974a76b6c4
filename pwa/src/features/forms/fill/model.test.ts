import { describe, expect, test } from 'vitest';

import type { RecordView } from '../../../data/records.ts';
import type { Value } from '../../../sync/canonical.ts';
import type { Form, Question } from '../rules/form.ts';
import {
  answersOf,
  catalogue,
  cityDate,
  mistakeKey,
  newDraft,
  openDrafts,
  pageAfter,
  pageState,
  toSettle,
} from './model.ts';
import { cityMoment, evaluate } from '../rules/rules.ts';

const AT = cityMoment(Date.UTC(2026, 10, 22));

const text = (vi: string, en = vi) => ({ vi, en });
function question(name: string, more: Partial<Question> = {}): Question {
  return { name, type: 'text', label: text(name), ...more };
}

const birth: Form = {
  form: 'motcua-form/1',
  code: 'birth-registration',
  version: '1',
  unit: 'ben-thanh',
  title: text('Đăng ký khai sinh', 'Birth registration'),
  summary: text('Cho trẻ em mới sinh', 'For a newborn child'),
  fee: { amount: '0' },
  days: { working: 1 },
  result: text('Giấy khai sinh'),
  bring: [],
  authority: text('UBND phường'),
  notes: [],
  choices: {},
  pages: [
    {
      name: 'child',
      label: text('Trẻ'),
      questions: [question('child_name', { required: true }), question('born', { type: 'date', required: true })],
    },
    {
      name: 'parent',
      label: text('Cha mẹ'),
      questions: [question('requester', { fill: 'person/name', required: true })],
    },
    { name: 'more', label: text('Thêm'), questions: [question('remark')] },
    { name: 'end', label: text('Kết'), questions: [question('thanks', { type: 'note' })] },
  ],
};
const residence: Form = {
  ...birth,
  code: 'residence-confirmation',
  title: text('Xác nhận cư trú', 'Residence confirmation'),
  summary: text('Xác nhận nơi ở, dùng khi khai sinh', 'Confirms where one lives'),
};

function view(
  kind: string,
  id: string,
  values: Record<string, Value>,
  conflicts: RecordView['conflicts'] = {},
): RecordView {
  return { kind, id, values, state: new Map(), conflicts, unsent: false };
}

describe('catalogue', () => {
  test('has the version that nothing has superseded', () => {
    const json = birth as unknown as Value;
    const old = view('form', 'a'.repeat(64), { form: json, superseded_at: 5 });
    const current = view('form', 'b'.repeat(64), { form: json });
    expect(catalogue([old, current]).map(({ sha256 }) => sha256)).toEqual([current.id]);
  });

  test('leaves out a form of a format that this app does not know', () => {
    expect(catalogue([view('form', 'c', { form: { form: 'motcua-form/9' } })])).toEqual([]);
  });
});

describe('drafts', () => {
  test('a new one names its owner before all else, and begins with what is known and where from', () => {
    const known = new Map([['requester', { value: 'Lê An', source: 'account/name' }]]);
    const values = newDraft({ form: birth, sha256: 'f', superseded: false }, { id: 'p' }, 'vi', known);
    expect(Object.keys(values)[0]).toBe('owner');
    expect(values).toMatchObject({ owner: 'p', procedure: birth.code, form_sha256: 'f' });
    expect(values).toMatchObject({ 'answer/requester': 'Lê An', 'from/requester': 'account/name' });
  });

  test('sent and removed ones are no longer open', () => {
    const open = view('draft', '1', { procedure: 'x' });
    const sent = view('draft', '2', { procedure: 'x', submission: 's' });
    const removed = view('draft', '3', { procedure: 'x', removed: true });
    expect(openDrafts([open, sent, removed])).toEqual([open]);
  });

  test('answers are what stands under answer/', () => {
    expect(answersOf({ procedure: 'x', 'answer/child_name': 'An', 'answer/n': 2 })).toEqual({ child_name: 'An', n: 2 });
  });

  test('questions with two answers are listed in the order of the form', () => {
    const head = { n: 1, replica: 'r', value: 'B', at: 1 };
    const both = { 'answer/requester': [head], 'answer/child_name': [head], language: [head] };
    const relevant = evaluate(birth, {}, AT).relevant;
    expect(toSettle(birth, view('draft', '1', {}, both), relevant)).toEqual(['child_name', 'requester']);
  });
});

describe('pageState', () => {
  const state = (index: number, answers: Record<string, Value>, unsettled: string[] = []) =>
    pageState(birth.pages[index]!, answers, evaluate(birth, answers, AT), unsettled);

  test('goes from untouched over started to done', () => {
    expect(state(0, {})).toBe('untouched');
    expect(state(0, { child_name: 'An' })).toBe('started');
    expect(state(0, { child_name: 'An', born: '2026-13-01' })).toBe('started');
    expect(state(0, { child_name: 'An', born: '2026-11-01' })).toBe('done');
  });

  test('an unsettled question comes before all else', () => {
    expect(state(0, { child_name: 'An', born: '2026-11-01' }, ['born'])).toBe('settle');
  });

  test('a page that asks for nothing necessary is optional, one that asks nothing is done', () => {
    expect(state(2, {})).toBe('optional');
    expect(state(3, {})).toBe('done');
  });
});

test('pageAfter follows the pages that apply', () => {
  const evaluation = evaluate(birth, {}, AT);
  expect(pageAfter(evaluation, 'child')).toBe('parent');
  expect(pageAfter(evaluation, 'end')).toBeUndefined();
});

test('mistakeKey says what kind of answer is missing or wrong', () => {
  expect(mistakeKey(question('a'), 'answer_required')).toBe('mistake.required');
  expect(mistakeKey(question('a', { type: 'select_one' }), 'answer_required')).toBe('mistake.choose');
  expect(mistakeKey(question('a', { type: 'date' }), 'answer_type')).toBe('mistake.date');
  expect(mistakeKey(question('a'), 'answer_constraint')).toBe('mistake.constraint');
});

test('cityDate is the day in the city, whatever the zone of the phone', () => {
  expect(cityDate(Date.UTC(2026, 10, 21, 16, 59))).toBe('2026-11-21');
  expect(cityDate(Date.UTC(2026, 10, 21, 17, 0))).toBe('2026-11-22');
});
