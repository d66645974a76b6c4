import { describe, expect, test } from 'vitest';

import type { RecordView } from '../../../data/records.ts';
import type { Value } from '../../../sync/canonical.ts';
import type { Form, Question } from '../rules/form.ts';
import {
  catalogue,
  cityDate,
  newDraft,
  openDrafts,
  pageAfter,
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

function view(
  kind: string,
  id: string,
  values: Record<string, Value>,
  conflicts: RecordView['conflicts'] = {},
): RecordView {
  return { kind, id, values, state: new Map(), conflicts, unsent: false, needs: [] };
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
    expect(openDrafts([open, sent, removed], 'p')).toEqual([open]);
  });

  test('what somebody else shares is not among one\'s own', () => {
    const own = view('draft', '1', { procedure: 'x', owner: 'p' });
    const shared = view('draft', '2', { procedure: 'x', owner: 'q' });
    expect(openDrafts([own, shared], 'p')).toEqual([own]);
  });
});

test('pageAfter follows the pages that apply', () => {
  const evaluation = evaluate(birth, {}, AT);
  expect(pageAfter(evaluation, 'child')).toBe('parent');
  expect(pageAfter(evaluation, 'end')).toBeUndefined();
});

test('cityDate is the day in the city, whatever the zone of the phone', () => {
  expect(cityDate(Date.UTC(2026, 10, 21, 16, 59))).toBe('2026-11-21');
  expect(cityDate(Date.UTC(2026, 10, 21, 17, 0))).toBe('2026-11-22');
});
