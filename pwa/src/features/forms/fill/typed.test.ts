import { describe, expect, test } from 'vitest';

import type { Question } from '../rules/form.ts';
import { answerFrom, typedFrom } from './typed.ts';

const question = (type: Question['type']): Question => ({ name: 'a', type, label: { vi: 'a', en: 'a' } });

describe('answerFrom', () => {
  test('text is kept in normal form C, and nothing is null', () => {
    expect(answerFrom(question('text'), 'Nguyễn'.normalize('NFD'), 'vi')).toBe('Nguyễn'.normalize('NFC'));
    expect(answerFrom(question('text'), '  ', 'vi')).toBeNull();
  });

  test('whole numbers are read with the marks that group thousands', () => {
    expect(answerFrom(question('integer'), '1.250.000', 'vi')).toBe(1_250_000);
    expect(answerFrom(question('integer'), '1,250,000', 'en')).toBe(1_250_000);
    expect(answerFrom(question('integer'), '1 250', 'vi')).toBe(1250);
    expect(answerFrom(question('integer'), '-3', 'vi')).toBe(-3);
  });

  test('decimals are stored with a point, whichever mark was typed', () => {
    expect(answerFrom(question('decimal'), '12,5', 'vi')).toBe('12.5');
    expect(answerFrom(question('decimal'), '12.5', 'vi')).toBe('12.5');
    expect(answerFrom(question('decimal'), '1.250,75', 'vi')).toBe('1250.75');
    expect(answerFrom(question('decimal'), '007,5', 'vi')).toBe('7.5');
  });

  test('what can not be read is kept as typed', () => {
    expect(answerFrom(question('integer'), '12a', 'vi')).toBe('12a');
    expect(answerFrom(question('decimal'), '1,2,3', 'vi')).toBe('1,2,3');
    expect(answerFrom(question('integer'), '99999999999999999999', 'vi')).toBe('99999999999999999999');
  });
});

test('typedFrom shows a decimal as the language writes it', () => {
  expect(typedFrom(question('decimal'), '12.5', 'vi')).toBe('12,5');
  expect(typedFrom(question('decimal'), '12.5', 'en')).toBe('12.5');
  expect(typedFrom(question('integer'), 3, 'vi')).toBe('3');
  expect(typedFrom(question('text'), undefined, 'vi')).toBe('');
});
