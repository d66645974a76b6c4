/** Values of expressions, their conversions, and the functions and operators over them. `functions.py` is its twin. */

export type Value = string | number | boolean;

/** What an expression sees: answers as text, the present question's answer, and the date `YYYY-MM-DD`. */
export interface Scope {
  readonly answers: ReadonlyMap<string, string>;
  readonly today: string;
  readonly this: string;
}

type Apply = (values: readonly Value[], scope: Scope) => Value;

/** How many arguments a function takes at least and at most, and what it does. */
export type Row = readonly [least: number, most: number, call: Apply];

/** The days from 1970-01-01 to a real calendar date `YYYY-MM-DD`; undefined for any other text. */
export function days(text: string): number | undefined {
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text) || text < '0001') return undefined;
  const date = new Date(`${text}T00:00:00Z`);
  // JavaScript takes 30 February for 1 or 2 March
  return Number.isNaN(date.getTime()) || !date.toISOString().startsWith(text) ? undefined : date.getTime() / 864e5;
}

/** XPath 1.0, 4.3: a number that is neither zero nor NaN, a text that is not empty. */
export const boolean = (value: Value): boolean => Boolean(value);

/** XPath 1.0, 4.4; a date gives its days since 1970-01-01 (ODK XForms, `number()`). */
export function number(value: Value): number {
  if (typeof value !== 'string') return Number(value);
  const digits = /^[ \t\r\n]*(-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+))[ \t\r\n]*$/.exec(value)?.[1];
  return digits === undefined ? (days(value) ?? NaN) : Number(digits);
}

/** XPath 1.0, 4.2: numbers in full, never with an exponent. */
export function string(value: Value): string {
  const [digits = '', power] = String(value === 0 ? 0 : value).split('e');
  if (typeof value !== 'number' || power === undefined) return String(value === 0 ? 0 : value);
  const [sign, whole = '', part = ''] = (/^(-?)(\d)\.?(\d*)$/.exec(digits) ?? []).slice(1);
  const exponent = Number(power);
  return exponent < 0
    ? `${sign}0.${'0'.repeat(-exponent - 1)}${whole}${part}`
    : `${sign}${whole}${part}${'0'.repeat(exponent - part.length)}`;
}

const words = (value: Value): string[] => string(value).match(/[^ \t\r\n]+/g) ?? [];

function equal(a: Value, b: Value): boolean {
  if (typeof a === 'boolean' || typeof b === 'boolean') return boolean(a) === boolean(b);
  return typeof a === 'number' || typeof b === 'number' ? number(a) === number(b) : a === b;
}

function translate(text: string, from: string, to: string): string {
  const [old, fresh] = [Array.from(from), Array.from(to)];
  const put = (character: string): string => {
    const index = old.indexOf(character);
    return index < 0 ? character : (fresh[index] ?? '');
  };
  return Array.from(text, put).join('');
}

// A call passes as many values as the parser has counted, so none of these defaults is ever taken.
const one = (call: (a: Value) => Value): Row => [1, 1, ([a = '']) => call(a)];
const two = (call: (a: Value, b: Value) => Value): Row => [2, 2, ([a = '', b = '']) => call(a, b)];

export const FUNCTIONS: ReadonlyMap<string, Row> = new Map<string, Row>([
  ['contains', two((a, b) => string(a).includes(string(b)))],
  ['count-selected', one((a) => words(a).length)],
  ['false', [0, 0, () => false]],
  ['not', one((a) => !boolean(a))],
  ['selected', two((a, b) => words(a).includes(string(b)))],
  ['starts-with', two((a, b) => string(a).startsWith(string(b)))],
  ['string-length', one((a) => Array.from(string(a)).length)],
  ['today', [0, 0, (_, scope) => scope.today]],
  ['translate', [3, 3, ([a = '', b = '', c = '']) => translate(string(a), string(b), string(c))]],
  ['true', [0, 0, () => true]],
]);

export const OPERATORS: ReadonlyMap<string, Row> = new Map<string, Row>([
  ['=', two(equal)],
  ['!=', two((a, b) => !equal(a, b))], // with NaN too: it equals nothing, so it is unequal to all
  ['<', two((a, b) => number(a) < number(b))],
  ['<=', two((a, b) => number(a) <= number(b))],
  ['>', two((a, b) => number(a) > number(b))],
  ['>=', two((a, b) => number(a) >= number(b))],
  ['+', two((a, b) => number(a) + number(b))],
  ['-', two((a, b) => number(a) - number(b))],
  ['negative', one((a) => -number(a))],
]);
