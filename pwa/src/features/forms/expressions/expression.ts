/**
 * Expressions of forms: ODK XForms, which is XPath 1.0 over answers. Pure; `expression.py` is its twin.
 *
 * docs/expressions.md lists the functions, and where we deviate from ODK on purpose.
 */
import { valueOf } from './closures.ts';
import type { Run } from './operators.ts';
import { Parser } from './parser.ts';
import { Exhausted, type Frame, Meter, type Scope } from './scope.ts';
import { boolean, type Value } from './values.ts';

export { days } from './dates.ts';
export { type Budget, type Scope, scopeOf, type Tree } from './scope.ts';
export { ExpressionError } from './tokens.ts';
export { boolean, type Nodes, number, type Row, string, type Value } from './values.ts';

/**
 * A parsed expression.
 *
 * `names` are the questions and repeats that it refers to, `this` whether it has the answer of the place that asks
 * (`.`), `calls` the functions that it calls. `run` throws `Exhausted` where `evaluate` gives the empty text.
 */
export interface Expression {
  readonly text: string;
  readonly run: Run;
  readonly names: ReadonlySet<string>;
  readonly this: boolean;
  readonly calls: ReadonlySet<string>;
}

const REMEMBERED = 4_096;
const parsed = new Map<string, Expression>();

/**
 * Parses an expression; those parsed before are remembered. `ExpressionError` says what was expected where.
 *
 * `columns` lets bare names stand for the columns of a choice, in a `choice_filter`.
 */
export function parse(text: string, { columns = false } = {}): Expression {
  const key = `${columns ? '*' : ' '}${text}`;
  let expression = parsed.get(key);
  if (!expression) {
    const parser = new Parser(text, columns);
    const root = parser.parsed();
    expression = { text, run: valueOf(root), names: parser.names, this: parser.this, calls: parser.calls };
    if (parsed.size >= REMEMBERED) parsed.clear();
    parsed.set(key, expression);
  }
  return expression;
}

/** What the expression says of these answers. It always ends and never throws. */
export function evaluate(expression: Expression, scope: Scope): Value {
  try {
    return expression.run(frameOf(scope));
  } catch (error) {
    if (error instanceof Exhausted) return '';
    throw error;
  }
}

/** The frame in which an evaluation begins. */
export const frameOf = (scope: Scope): Frame => ({
  scope,
  meter: new Meter(scope.budget),
  row: scope.row,
  this: scope.this,
  position: 1,
  size: 1,
});

/** Whether a condition is met; no condition always is. What does not parse throws `ExpressionError`. */
export const holds = (text: string | undefined, scope: Scope): boolean =>
  text === undefined || boolean(evaluate(parse(text, { columns: scope.column !== undefined }), scope));
