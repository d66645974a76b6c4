/** Expressions of forms: a subset of ODK XForms, which is XPath 1.0 over answers. `expression.py` is its twin. */
import { boolean, FUNCTIONS, OPERATORS, type Scope, type Value } from './functions.ts';

const CHARACTERS = 1_000;
const DEPTH = 24;
const FUEL = 200;
const KINDS = [
  ['answer', String.raw`\$\{[a-z][a-z0-9_]*\}`],
  ['number', String.raw`[0-9]+(?:\.[0-9]*)?|\.[0-9]+`],
  ['text', `'[^']*'|"[^"]*"`],
  ['name', '[a-z][a-z0-9:-]*'],
  ['sign', '<=|>=|!=|[=<>()+,.-]'],
] as const;
const LEVELS = [['or'], ['and'], ['=', '!='], ['<', '<=', '>', '>='], ['+', '-']];

/** The text is no expression that we know. `at` counts characters from 0. */
export class ExpressionError extends Error {
  readonly at: number;
  constructor(message: string, at: number) {
    super(`${message} at character ${at + 1}`);
    this.at = at;
  }
}

interface Node {
  readonly op: string;
  readonly value: string | number;
  readonly parts: readonly Node[];
}

interface Token {
  readonly kind: (typeof KINDS)[number][0] | 'end';
  readonly text: string;
  readonly at: number;
}

export interface Expression {
  readonly root: Node;
}

/** What the expression says of these answers. It always ends and never throws. */
export const evaluate = (expression: Expression, scope: Scope): Value => valueOf(expression.root, scope);

/** Whether a condition is met; no condition always is. What does not parse throws `ExpressionError`. */
export const holds = (text: string | undefined, scope: Scope): boolean =>
  text === undefined || boolean(evaluate(parse(text), scope));

function valueOf({ op, value, parts }: Node, scope: Scope): Value {
  if (op === 'constant') return value;
  if (op === 'answer') return scope.answers.get(String(value)) ?? '';
  if (op === 'this') return scope.this;
  const values = parts.map((part) => valueOf(part, scope));
  if (op === 'and') return values.every(boolean);
  if (op === 'or') return values.some(boolean);
  return (OPERATORS.get(op) ?? FUNCTIONS.get(op))?.[2](values, scope) ?? '';
}

const parsed = new Map<string, Expression>();

/** Parse an expression; those parsed before are remembered. */
export function parse(text: string): Expression {
  let expression = parsed.get(text);
  if (!expression) {
    const { length } = Array.from(text);
    if (length > CHARACTERS)
      throw new ExpressionError(`expected at most ${CHARACTERS} characters, got ${length}`, CHARACTERS);
    expression = { root: parseTokens(tokens(text)) };
    parsed.set(text, expression);
  }
  return expression;
}

function tokens(text: string): Token[] {
  const pattern = new RegExp(`[ \\t\\r\\n]*(?:${KINDS.map(([, source]) => `(${source})`).join('|')})`, 'y');
  const end = text.search(/[ \t\r\n]*$/);
  const found: Token[] = [];
  while (pattern.lastIndex < end) {
    const from = pattern.lastIndex;
    const groups: (string | undefined)[] = pattern.exec(text)?.slice(1) ?? [];
    const index = groups.findIndex((group) => group !== undefined);
    const [kind, part] = [KINDS[index]?.[0], groups[index]];
    if (!kind || !part) {
      const at = from + text.slice(from).search(/[^ \t\r\n]/);
      throw new ExpressionError(`expected a part of an expression, got '${text[at]}'`, at);
    }
    found.push({ kind, text: part, at: pattern.lastIndex - part.length });
  }
  return [...found, { kind: 'end', text: '', at: end }];
}

/** Recursive descent over XPath 1.0, 3.4 and 3.5: each of `LEVELS` binds tighter than the one before. */
function parseTokens(list: readonly Token[]): Node {
  let next = 0;
  let depth = 0;
  let fuel = FUEL;
  const end = list[list.length - 1] as Token;
  const token = (): Token => list[next] ?? end;

  const expect = (text: string): void => {
    if (token().text !== text) throw unexpected(text ? `'${text}'` : 'the end');
    next++;
  };
  const unexpected = (what: string): ExpressionError =>
    new ExpressionError(`expected ${what}, got ${token().text ? `'${token().text}'` : 'the end'}`, token().at);

  const node = (op: string, parts: readonly Node[], value: string | number = ''): Node => {
    if (--fuel < 0) throw new ExpressionError(`expected at most ${FUEL} parts, got more`, token().at);
    return { op, value, parts };
  };

  const level = (index: number): Node => {
    const signs = LEVELS[index];
    if (!signs) return nested();
    let left = level(index + 1);
    while (signs.includes(token().text)) {
      const op = token().text;
      next++;
      left = node(op, [left, level(index + 1)]);
    }
    return left;
  };

  const nested = (): Node => {
    if (++depth > DEPTH) throw new ExpressionError(`expected at most ${DEPTH} levels, got more`, token().at);
    const found = unary();
    depth--;
    return found;
  };

  const unary = (): Node => {
    const { kind, text } = token();
    if (kind === 'name') return call();
    if (text === '-') {
      next++;
      return node('negative', [nested()]);
    }
    if (text !== '(') return leaf();
    next++;
    const found = level(0);
    expect(')');
    return found;
  };

  const leaf = (): Node => {
    const { kind, text } = token();
    if (text !== '.' && !['answer', 'number', 'text'].includes(kind)) throw unexpected('a value');
    next++;
    if (kind === 'answer') return node('answer', [], text.slice(2, -1));
    if (kind === 'number') return node('constant', [], Number(text));
    return kind === 'text' ? node('constant', [], text.slice(1, -1)) : node('this', []);
  };

  const call = (): Node => {
    const name = token();
    const row = FUNCTIONS.get(name.text);
    if (!row) throw unexpected('a value or a known function');
    next++;
    expect('(');
    const parts: Node[] = [];
    while (token().text !== ')') {
      if (parts.length) expect(',');
      parts.push(level(0));
    }
    next++;
    if (parts.length < row[0] || parts.length > row[1])
      throw new ExpressionError(`expected ${name.text}() to have other arguments, got ${parts.length}`, name.at);
    return node(name.text, parts);
  };

  const root = level(0);
  expect('');
  return root;
}
