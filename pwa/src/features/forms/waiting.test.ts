import { expect, test } from 'vitest';

import { procedureOf } from './waiting.ts';

test('a draft names its procedure, a submission names it in what was signed', () => {
  expect(procedureOf({ procedure: 'birth-registration' })).toBe('birth-registration');
  expect(procedureOf({ act: { document: '{"procedure":"city-feedback"}' } })).toBe('city-feedback');
  expect(procedureOf({})).toBeUndefined();
});
