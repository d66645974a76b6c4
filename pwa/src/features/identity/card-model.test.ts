import { expect, test } from 'vitest';

import { parseCard } from '../../codes/cccd.ts';
import { cardIn, cardValues, noCard, vietnameseDay } from './card-model.ts';

const card = parseCard('079090001234|023456789|Nguyễn Thị Lan|27031990|Nữ|12 Lê Lai, Bến Thành|15062022');

test('a card is kept under its owner and read again as it was', () => {
  const values = cardValues('the-person', card);
  expect(Object.keys(values)[0]).toBe('owner');
  expect(cardIn(values)).toEqual(card);
});

test('a removed card is none', () => {
  const left = Object.fromEntries(Object.entries(noCard()).filter(([, value]) => value !== null));
  expect(cardIn(left)).toBeNull();
  expect(cardIn(undefined)).toBeNull();
});

test('a day is written as the card writes it', () => expect(vietnameseDay('1990-03-27')).toBe('27/03/1990'));
