/** Comparisons, as XPath 1.0, 3.4 has them. `comparing.py` is its twin. */
import type { Frame } from './scope.ts';
import { boolean, isNodes, number, type Scalar, type Value } from './values.ts';

type Compare = (a: number, b: number) => boolean;

const ORDER: ReadonlyMap<string, Compare> = new Map([
  ['<', (a, b) => a < b],
  ['<=', (a, b) => a <= b],
  ['>', (a, b) => a > b],
  ['>=', (a, b) => a >= b],
]);
export const COMPARISONS: ReadonlySet<string> = new Set(['=', '!=', ...ORDER.keys()]);

/** Compares two values. Nodes compare as true if any of them does; none compare as one empty answer. */
export function compared(op: string, a: Value, b: Value, { scope: { offset }, meter }: Frame): boolean {
  if (!isNodes(a) && !isNodes(b)) return one(op, a, b, offset);
  if (typeof a === 'boolean' || typeof b === 'boolean') return one(op, boolean(a), boolean(b), offset);
  let [left, right] = [several(a), several(b)];
  meter.spend(Math.floor((left.length + right.length) / 4));
  if (left.length === 1 && right.length === 1) return one(op, left[0] ?? '', right[0] ?? '', offset);
  const numbers = (side: readonly Scalar[]): number[] => side.map((value) => number(value, offset));
  const compare = ORDER.get(op);
  if (compare) return ordered(compare, op, numbers(left), numbers(right));
  if (typeof a === 'number' || typeof b === 'number') [left, right] = [numbers(left), numbers(right)];
  if (op !== '=') return ![...left, ...right].every((value) => value === left[0]);
  const known = new Set(left);
  return right.some((value) => !Number.isNaN(value) && known.has(value));
}

function several(value: Value): readonly Scalar[] {
  if (!isNodes(value)) return [value];
  return value.texts.length > 0 ? value.texts : [''];
}

/** Compares the least of one side with the greatest of the other: if any two fulfil it, these do. */
function ordered(compare: Compare, op: string, left: readonly number[], right: readonly number[]): boolean {
  const known = (side: readonly number[]): number[] => side.filter((value) => !Number.isNaN(value));
  const [a, b] = [known(left), known(right)];
  if (a.length === 0 || b.length === 0) return false;
  return op.startsWith('<')
    ? compare(Math.min(...a), Math.max(...b))
    : compare(Math.max(...a), Math.min(...b));
}

function one(op: string, a: Scalar, b: Scalar, offset: number): boolean {
  const compare = ORDER.get(op);
  if (compare) return compare(number(a, offset), number(b, offset));
  return equal(a, b, offset) === (op === '='); // NaN equals nothing, so it is unequal to all
}

function equal(a: Scalar, b: Scalar, offset: number): boolean {
  if (typeof a === 'string' && typeof b === 'string') return a === b;
  if (typeof a === 'boolean' || typeof b === 'boolean') return boolean(a) === boolean(b);
  return number(a, offset) === number(b, offset);
}
