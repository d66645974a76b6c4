/** Functions over several answers, and over several choices of one. `answers.py` is its twin. */
import { ANY, type Function, row } from './table.ts';

type Numbers = readonly number[];

const words = (text: string): string[] => text.match(/[^ \t\r\n]+/g) ?? [];
const trimmed = (text: string): string => text.replace(/^[ \t\r\n]+/, '').replace(/[ \t\r\n]+$/, '');

/** The numbers among them: what is empty or no number is passed over, as in JavaRosa. */
const known = (lists: readonly Numbers[]): number[] => lists.flat().filter((value) => !Number.isNaN(value));
const best = (lists: readonly Numbers[], better: (a: number, b: number) => boolean): number => {
  const [first = NaN, ...rest] = known(lists);
  return rest.reduce((a, b) => (better(b, a) ? b : a), first);
};

const within = (total: number, least: number, most: number): boolean =>
  (least < 0 || total >= least) && (most < 0 || total <= most);

function weighted(least: number, most: number, lists: readonly Numbers[]): boolean {
  let total = 0;
  for (let pair = 0; pair < lists.length; pair += 2) {
    const [values = [], weights = []] = lists.slice(pair, pair + 2);
    if (values.length !== weights.length) return false;
    values.forEach((value, index) => (total += value > 0 ? (weights[index] ?? 0) : 0));
  }
  return within(total, least, most);
}

export const ANSWERS: Readonly<Record<string, Function>> = {
  checklist: row(
    'ddD',
    (_, least, most, ...lists: Numbers[]) => within(lists.flat().filter((value) => value > 0).length, least, most),
    { least: 2, most: ANY },
  ),
  count: row('n', (_, { texts }) => texts.length),
  'count-non-empty': row('n', (_, { texts, rowsOfRepeat }) =>
    rowsOfRepeat ? texts.length : texts.filter((text) => text !== '').length,
  ),
  'count-selected': row('t', (_, text) => words(text).length),
  max: row('D', (_, ...lists: Numbers[]) => best(lists, (a, b) => a > b), { most: ANY }),
  min: row('D', (_, ...lists: Numbers[]) => best(lists, (a, b) => a < b), { most: ANY }),
  selected: row('tt', (_, text, value) => words(text).includes(trimmed(value))),
  'selected-at': row('td', (_, text, index) => (index >= 0 ? (words(text)[Math.trunc(index)] ?? '') : '')),
  sum: row('D', (_, values) => known([values]).reduce((a, b) => a + b, 0)),
  'weighted-checklist': row('ddD', (_, least, most, ...lists: Numbers[]) => weighted(least, most, lists), {
    least: 2,
    most: ANY,
    paired: true,
  }),
};
