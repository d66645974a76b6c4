/** Plays all shared cases in a page; `tests/journeys/test_vectors_in_browser.py` calls it. */

import { cardCases, type CardFile, type Case, codeCases, type CodesFile } from '../../../codes/testing/cases.ts';
import { packsOf, presenceCases, type PresenceFile, verdictCases, type VerdictFile } from './cases.ts';

export interface Files {
  codes: CodesFile;
  card: CardFile;
  verdict: VerdictFile;
  presence: PresenceFile;
}

/** Return what came of each file's cases: `[name, got, expected]`, as a page can hand it over. */
export async function played(files: Files): Promise<Record<keyof Files, [string, unknown, unknown][]>> {
  return {
    codes: await all(codeCases(files.codes)),
    card: await all(cardCases(files.card)),
    verdict: await all(verdictCases(files.verdict, await packsOf(files.verdict))),
    presence: await all(presenceCases(files.presence)),
  };
}

async function all(cases: readonly Case[]): Promise<[string, unknown, unknown][]> {
  return Promise.all(cases.map(async ({ name, play, expected }) => [name, await play(), expected]));
}
