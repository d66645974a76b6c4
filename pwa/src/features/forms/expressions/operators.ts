/** Operators between two values (XPath 1.0, 3.4 and 3.5). `operators.py` is its twin. */
import { COMPARISONS, compared } from './comparing.ts';
import type { Frame } from './scope.ts';
import { boolean, number, type Scalar, type Value } from './values.ts';

export type Run = (frame: Frame) => Value;

/** Gets the left value, what gives the right one if it is needed, and the frame. */
export type Combine = (left: Value, right: Run, frame: Frame) => Scalar;

const arithmetic =
  (operator: (a: number, b: number) => number): Combine =>
  (left, right, frame) =>
    operator(number(left, frame.scope.offset), number(right(frame), frame.scope.offset));

export const COMBINED: ReadonlyMap<string, Combine> = new Map<string, Combine>([
  ['or', (left, right, frame) => boolean(left) || boolean(right(frame))],
  ['and', (left, right, frame) => boolean(left) && boolean(right(frame))],
  ...[...COMPARISONS].map((op): [string, Combine] => [
    op,
    (left, right, frame) => compared(op, left, right(frame), frame),
  ]),
  ['+', arithmetic((a, b) => a + b)],
  ['-', arithmetic((a, b) => a - b)],
  ['*', arithmetic((a, b) => a * b)],
  ['div', arithmetic((a, b) => a / b)],
  ['mod', arithmetic((a, b) => a % b)],
]);
