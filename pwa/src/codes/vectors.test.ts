import { expect, it } from 'vitest';

import { cardCases, type CardFile, codeCases, type CodesFile } from './testing/cases.ts';
import { vectors } from './testing/vectors.ts';

it.each(codeCases(vectors('codes') as CodesFile))('codes.json: $name', async ({ play, expected }) => {
  expect(await play()).toEqual(expected);
});

it.each(cardCases(vectors('card') as CardFile))('card.json: $name', async ({ play, expected }) => {
  expect(await play()).toEqual(expected);
});
