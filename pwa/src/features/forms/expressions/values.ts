/** Values of expressions and the conversions between them, as XPath 1.0 has them. `values.py` is its twin. */
import { daysIn } from './dates.ts';

/** Where a node stands: each repeat around it with the number of its row, from 1, outermost first. */
export type Row = readonly (readonly [repeat: string, index: number])[];

/** The answers that a reference names; with `rowsOfRepeat` they are rows themselves, and their texts are empty. */
export interface Nodes {
  readonly name: string;
  readonly texts: readonly string[];
  readonly rows: readonly Row[];
  readonly rowsOfRepeat: boolean;
}

export type Scalar = string | number | boolean;
export type Value = Scalar | Nodes;

export const isNodes = (value: Value): value is Nodes => typeof value === 'object';

/** A value itself, of nodes the first one's text; of none the empty text. */
export const scalar = (value: Value): Scalar => (isNodes(value) ? (value.texts[0] ?? '') : value);

/** XPath 1.0, 4.3; answers are true if the first one is not empty, rows of a repeat if there is one. */
export const boolean = (value: Value): boolean =>
  isNodes(value) ? value.texts.length > 0 && (value.rowsOfRepeat || value.texts[0] !== '') : Boolean(value);

/** XPath 1.0, 4.4; a date or time counts days on the clock `offset` minutes before UTC. */
export function number(value: Value, offset = 0): number {
  const plain = scalar(value);
  if (typeof plain !== 'string') return Number(plain);
  const digits = /^[ \t\r\n]*(-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+))[ \t\r\n]*$/.exec(plain)?.[1];
  return digits === undefined ? daysIn(plain, offset) : Number(digits);
}

/** XPath 1.0, 4.2: numbers in full, never with an exponent. */
export function string(value: Value): string {
  const plain = scalar(value);
  if (plain === 0) return '0';
  const [digits = '', power] = String(plain).split('e');
  if (typeof plain !== 'number' || power === undefined) return String(plain);
  const [sign, whole = '', part = ''] = (/^(-?)(\d)\.?(\d*)$/.exec(digits) ?? []).slice(1);
  const exponent = Number(power);
  return exponent < 0
    ? `${sign}0.${'0'.repeat(-exponent - 1)}${whole}${part}`
    : `${sign}${whole}${part}${'0'.repeat(exponent - part.length)}`;
}
