/** Says on the standard output what each expression of the standard input gives; tests compare it with the server. */
import { readFileSync } from 'node:fs';

import { evaluate, ExpressionError, parse } from '../expression.ts';
import { type Asked, asJson, scopeFrom } from './asked.ts';

const asked = JSON.parse(readFileSync(0, 'utf8')) as Asked[];

const answered = asked.map((each): unknown => {
  try {
    const expression = parse(each.expression, { columns: each.column !== undefined });
    const said = [[...expression.names].sort(), expression.this, [...expression.calls].sort()];
    return [asJson(evaluate(expression, scopeFrom(each))), ...said];
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return [error.message, error.at];
  }
});
process.stdout.write(JSON.stringify(answered));
