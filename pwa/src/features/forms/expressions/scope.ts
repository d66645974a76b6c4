/** What an expression sees, and what it may spend. `scope.py` is its twin. */
import type { Row } from './values.ts';

/** Steps of one evaluation. */
export const FUEL = 100_000;

/** The evaluation took more steps than it may; it counts as the empty text. */
export class Exhausted extends Error {}

/**
 * The answers as a document, only what applies.
 *
 * `repeats` gives the repeats around every question and repeat, outermost first (none need not be named); `texts` each
 * answer by its path `children[2]/name`; `counts` how many rows each repeat has, by its path `children[2]/toys`.
 */
export interface Tree {
  readonly repeats: ReadonlyMap<string, readonly string[]>;
  readonly texts: ReadonlyMap<string, string>;
  readonly counts: ReadonlyMap<string, number>;
}

/** Steps that several evaluations share, say all of one form: beyond, each of them counts as the empty text. */
export interface Budget {
  left: number;
}

/**
 * What an expression sees from the place that asks.
 *
 * `row` is the asking place's row, `this` its answer, `path` its path; `now` ms since 1970 UTC, `offset` the minutes
 * that the city's clock is ahead of UTC; `seed` and `path` decide what chance gives; `label` gives the label of a
 * choice of a question; `column` the columns of the choice that a `choice_filter` looks at.
 */
export interface Scope {
  readonly tree: Tree;
  readonly row: Row;
  readonly this: string;
  readonly now: number;
  readonly offset: number;
  readonly seed: string;
  readonly version: string;
  readonly path: string;
  readonly label: (question: string, value: string) => string;
  readonly column?: ReadonlyMap<string, string> | undefined;
  readonly budget?: Budget | undefined;
}

/** A scope with what is not given left empty. */
export const scopeOf = (tree: Tree, given: Partial<Scope> = {}): Scope => ({
  tree,
  row: [],
  this: '',
  now: 0,
  offset: 0,
  seed: '',
  version: '',
  path: '',
  label: (_, value) => value,
  ...given,
});

/** What one evaluation has left, and how often it has asked chance. */
export class Meter {
  fuel: number;
  calls = 0;
  readonly #budget: Budget | undefined;

  constructor(budget: Budget | undefined) {
    this.fuel = budget ? Math.min(FUEL, budget.left) : FUEL;
    this.#budget = budget;
  }

  /** Take steps off, and throw `Exhausted` when there are none left. */
  spend(steps: number): void {
    this.fuel -= steps;
    if (this.#budget) this.#budget.left -= steps;
    if (this.fuel < 0) throw new Exhausted();
  }
}

/** Where the evaluation stands: at first at the asking place, in a predicate at a node. */
export interface Frame {
  readonly scope: Scope;
  readonly meter: Meter;
  readonly row: Row;
  readonly this: string;
  readonly position: number;
  readonly size: number;
}
