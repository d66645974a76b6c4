import { expect, test } from 'vitest';

import type { Form } from '../rules/form.ts';
import { laidOut } from './laidout.ts';

const label = (vi: string) => ({ vi, en: vi });
const form = {
  pages: [
    { name: 'sender', label: label('Người khai'), questions: [] },
    { name: 'child', label: label('Con'), questions: [] },
    { name: 'of', label: label('Về ${name}'), questions: [] },
  ],
} as unknown as Form;
const section = (page: string, heading: string, row = '') => ({
  name: `${page} ${heading}`,
  page,
  row,
  label: heading,
  answers: [],
});

test('sections stand below the title of their page', () => {
  const pages = laidOut(
    form,
    [
      section('sender', 'Người khai'),
      section('sender', 'Người khai › Nơi ở'),
      section('child', 'Con 1', 'children[1]'),
      section('child', 'Con 1 › Đồ chơi 1', 'children[1]/toys[1]'),
      section('of', 'Về An › Thêm'),
    ],
    'vi',
  );
  expect(pages.map(({ title, parts }) => [title, parts.map((part) => part.title)])).toEqual([
    ['Người khai', [null, 'Nơi ở']],
    ['Con', ['Con 1', 'Con 1 › Đồ chơi 1']],
    ['Về An', ['Thêm']],
  ]);
});
