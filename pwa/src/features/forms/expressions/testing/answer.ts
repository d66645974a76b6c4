/** Says on the standard output what each expression of the standard input gives; tests compare it with the server. */
import { readFileSync } from 'node:fs';

import { type Expression, ExpressionError, frameOf, parse } from '../expression.ts';
import { Exhausted, type Frame } from '../scope.ts';
import { type Asked, asJson, scopeFrom } from './asked.ts';

const asked = JSON.parse(readFileSync(0, 'utf8')) as Asked[];

function valueOf(expression: Expression, frame: Frame): unknown {
  try {
    return asJson(expression.run(frame));
  } catch (error) {
    if (error instanceof Exhausted) return null;
    throw error;
  }
}

const answered = asked.map((each): unknown => {
  try {
    const expression = parse(each.expression, { columns: each.column !== undefined });
    const frame = frameOf(scopeFrom(each));
    const value = valueOf(expression, frame);
    return [value, frame.meter.fuel, [...expression.names].sort(), expression.this, [...expression.calls].sort()];
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return [error.message, error.at];
  }
});
process.stdout.write(JSON.stringify(answered));
