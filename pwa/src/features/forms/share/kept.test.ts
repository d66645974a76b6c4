import { expect, test } from 'vitest';

import type { RecordView } from '../../../data/records.ts';
import { keptAnswers } from './kept.ts';

const ROW = '01a1ed3e0e00a1b2c3d4';

function form(code: string, names: readonly string[], values: Record<string, unknown> = {}): RecordView {
  const label = (name: string) => ({ vi: `Câu ${name}`, en: `Question ${name}` });
  const questions = names.map((name) => ({ name, type: 'text', label: label(name) }));
  const pages = [{ name: 'page', label: label('page'), questions }];
  const json = { form: 'motcua-form/1', code, version: '1', unit: 'u', choices: {}, pages };
  return { id: code, values: { form: json, ...values } } as unknown as RecordView;
}

test('what was not taken is told in words of the form that asks it, though the draft is gone', () => {
  const values = { 'answer/a': 'Một', [`answer/r/${ROW}/b`]: 'Hai', 'hand/41': { person: 'p', name: 'n' } };
  const forms = [form('x', ['a', 'b']), form('old', ['a', 'b'], { superseded_at: 1 }), form('y', ['a'])];
  const told = keptAnswers(values, forms, undefined, 'vi');
  expect(told.form?.code).toBe('x');
  expect(told.answers.map(({ label, answer }) => [label, answer])).toEqual([
    ['Câu a', 'Một'],
    ['Câu b', 'Hai'],
  ]);
  expect(keptAnswers(values, forms, 'old', 'en').form?.code).toBe('old');
});

test('without such a form, or with several, it is told as it stands', () => {
  expect(keptAnswers({ 'answer/a': 'Một' }, [form('x', ['a']), form('y', ['a'])], undefined, 'vi')).toEqual({
    form: null,
    answers: [{ key: 'answer/a', label: 'a', answer: '"Một"' }],
  });
});
