/** The table of functions. `functions.py` is its twin; docs/expressions.md says what each does. */
import { ANSWERS } from './answers.ts';
import { CHANCE } from './chance.ts';
import { CURVES } from './curves.ts';
import { GROUND } from './ground.ts';
import { MATCHING } from './matching.ts';
import { NUMBERS } from './numbers.ts';
import { type Function, row } from './table.ts';
import { TEXTS } from './texts.ts';
import { TIMES } from './times.ts';

/** What asks about places, or does not ask for every argument: closures.ts knows most of these. */
const PLACED: Readonly<Record<string, Function>> = {
  coalesce: row('tt', (_, one, other) => one || other),
  if: row('bvv'),
  index: row('n', undefined, { least: 0 }),
  'indexed-repeat': row('nndndnd', undefined, { least: 3, paired: true }),
  'jr:choice-name': row('vv'),
  last: row(''),
  once: row('v'),
  position: row('n', undefined, { least: 0 }),
  version: row('', ({ scope }) => scope.version),
};

export const FUNCTIONS: ReadonlyMap<string, Function> = new Map(
  Object.entries({
    ...ANSWERS,
    ...CHANCE,
    ...CURVES,
    ...GROUND,
    ...MATCHING,
    ...NUMBERS,
    ...TEXTS,
    ...TIMES,
    ...PLACED,
  }),
);
