/** What a row of the table of functions says. `table.py` is its twin. */
import type { Frame } from './scope.ts';
import type { Nodes, Scalar } from './values.ts';

/** Arguments: as many as an expression can have. */
export const ANY = 1_000;

/** What an argument is once it was converted. */
export type Argument = Scalar | Nodes | readonly string[] | readonly number[];

/** Constant arguments; undefined stands for one that is not constant. */
export type Constants = readonly (string | number | undefined)[];

/**
 * A function of expressions.
 *
 * `takes` has a letter for each argument, which is converted before the call: `t` text, `d` number, `b` boolean, `v`
 * whatever value it has; `n` must be a reference and gives its nodes; `T` and `D` are the texts or numbers of all its
 * nodes, or the one of a plain value; the last letter goes on for further arguments. `ofThis` means that without an
 * argument it is about the answer at hand. `refuses` says what is wrong with constant arguments.
 */
export interface Function {
  readonly takes: string;
  readonly call?: (values: readonly Argument[], frame: Frame) => Scalar;
  readonly least: number;
  readonly most: number;
  readonly ofThis: boolean;
  readonly paired: boolean;
  readonly refuses?: (constants: Constants) => string | undefined;
}

type Kinds = { t: string; d: number; b: boolean; v: Scalar; n: Nodes; T: readonly string[]; D: readonly number[] };
type Arguments<Takes extends string> = Takes extends `${infer First extends keyof Kinds}${infer Rest}`
  ? [Kinds[First], ...Arguments<Rest>]
  : [];

interface Options {
  least?: number;
  most?: number;
  ofThis?: boolean;
  paired?: boolean;
  refuses?: (constants: Constants) => string | undefined;
}

/** A row whose call gets its arguments one by one: exactly those of `takes`, or fewer from `least` on. */
export function row<Takes extends string>(
  takes: Takes,
  call?: (frame: Frame, ...values: Arguments<Takes>) => Scalar,
  options: Options = {},
): Function {
  const { length } = takes;
  return {
    takes,
    // the parser has counted the arguments, and closures.ts converts them as `takes` says
    ...(call && { call: (values, frame) => call(frame, ...(values as Arguments<Takes>)) }),
    least: length,
    most: length,
    ofThis: false,
    paired: false,
    ...options,
  };
}

/** Whether a function takes so many arguments. */
export function fits({ least, most, ofThis, paired }: Function, count: number): boolean {
  return (ofThis ? 0 : least) <= count && count <= most && (!paired || (count - least) % 2 === 0);
}

/** How many arguments a function takes, in words. */
export function wanted({ least, most }: Function): string {
  if (least === most) return String(least);
  return most === ANY ? `at least ${least}` : `${least} to ${most}`;
}

/** The letters of `takes` for so many arguments. */
export const kinds = ({ takes }: Function, count: number): string =>
  (takes + takes.slice(-1).repeat(count)).slice(0, count);
