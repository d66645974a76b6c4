import { describe, expect, it } from 'vitest';

import { vectors } from '../../codes/testing/vectors.ts';
import { OUTCOMES } from './reasons.ts';
import { packsOf, presenceCases, type PresenceFile, verdictCases, type VerdictFile } from './testing/cases.ts';

const verdicts = vectors('verdict') as VerdictFile;
const presences = vectors('presence') as PresenceFile;

/** Node lets bytes follow a zlib stream, against the standard (Compression Streams 5.2); no browser does. */
const ONLY_IN_BROWSERS = 'list_missing: pack with a list and more';

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
