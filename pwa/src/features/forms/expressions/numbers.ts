/** Functions over numbers, and conversions. `numbers.py` is its twin. */
import { type Function, row } from './table.ts';
import { string } from './values.ts';

/** Rounds the number that people see, halves up (XPath 1.0, 4.4): 1.005 to 2 digits is 1.01, -2.5 is -2. */
export function rounded(value: number, digits = 0): number {
  if (!Number.isFinite(value) || value === 0) return value;
  if (!(Math.abs(digits) <= 30)) return NaN;
  const [whole = '', part = ''] = string(Math.abs(value)).split('.');
  const places = Math.trunc(digits);
  const dropped = part.length - places;
  if (dropped <= 0) return value;
  const unit = 10n ** BigInt(dropped);
  const all = BigInt(whole + part);
  const twice = 2n * (all % unit);
  const kept = all / unit + (twice > unit || (twice === unit && value > 0) ? 1n : 0n);
  return Math.sign(value) * Number(`${kept}e${-places}`);
}

export const NUMBERS: Readonly<Record<string, Function>> = {
  abs: row('d', (_, value) => Math.abs(value)),
  boolean: row('b', (_, value) => value),
  'boolean-from-string': row('t', (_, text) => text === 'true' || text === '1'),
  ceiling: row('d', (_, value) => Math.ceil(value)),
  false: row('', () => false),
  floor: row('d', (_, value) => Math.floor(value)),
  int: row('d', (_, value) => Math.trunc(value)),
  not: row('b', (_, value) => !value),
  number: row('d', (_, value) => value, { ofThis: true }),
  round: row('dd', (_, value, digits?: number) => rounded(value, digits), { least: 1 }),
  sqrt: row('d', (_, value) => Math.sqrt(value)),
  string: row('t', (_, text) => text, { ofThis: true }),
  true: row('', () => true),
};
