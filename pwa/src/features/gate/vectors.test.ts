import { describe, expect, it } from 'vitest';

import { vectors } from '../../codes/testing/vectors.ts';
import { OUTCOMES } from './reasons.ts';
import type { PresenceFile, VerdictFile } from './testing/cases.ts';
import { ONLY_IN_BROWSERS, packsOf, presenceCases, verdictCases } from './testing/cases.ts';

const verdicts = vectors('verdict') as VerdictFile;
const presences = vectors('presence') as PresenceFile;

describe('verdict.json', async () => {
  const cases = verdictCases(verdicts, await packsOf(verdicts));

  it.each(cases.filter(({ name }) => name !== ONLY_IN_BROWSERS))('$name', async ({ play, expected }) => {
    expect(await play()).toEqual(expected);
  });

  it('has a case for every reason that there is', () => {
    const outcomes = Object.entries(OUTCOMES).map(([reason, [word, next]]) => [reason, { word, next }]);
    expect(Object.fromEntries(outcomes)).toEqual(verdicts.outcomes);
    expect(new Set(verdicts.cases.map(({ expect: { reason } }) => reason))).toEqual(new Set(Object.keys(OUTCOMES)));
  });
});

it.each(presenceCases(presences))('presence.json: $name', async ({ play, expected }) => {
  expect(await play()).toEqual(expected);
});
