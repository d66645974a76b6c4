/** Parses an expression into a tree: recursive descent over XPath 1.0, 3.3 to 3.5. `parser.py` is its twin. */
import { FUNCTIONS } from './functions.ts';
import { fits, type Function, kinds, wanted } from './table.ts';
import { ExpressionError, type Token, tokens } from './tokens.ts';

const CHARACTERS = 10_000;
const PARTS = 1_000; // one evaluation visits each at most once, but for predicates: this bounds its steps
const DEPTH = 50; // brackets, calls, predicates and signs within each other

const POWER: ReadonlyMap<string, number> = new Map([
  ['or', 1],
  ['and', 2],
  ...['=', '!='].map((sign) => [sign, 3] as const),
  ...['<', '<=', '>', '>='].map((sign) => [sign, 4] as const),
  ...['+', '-'].map((sign) => [sign, 5] as const),
  ...['*', 'div', 'mod'].map((sign) => [sign, 6] as const),
  ['|', 8],
]);
const UNARY = 7;
const FINDS_NODES = new Set(['answer', 'outer', 'filter', 'step', 'union', 'whole', 'indexed-repeat']);

/**
 * A part of an expression. `op` is an operator, a function, or one of these:
 *
 * `constant`; `answer`, a reference to `value`, and `outer`, one that the asking place makes from within a predicate;
 * `this`, the answer at hand, and `own`, that of the asking place; `column` of a choice; `filter` (nodes, predicate),
 * `whole` (nodes in brackets, which a predicate counts through), `step` (nodes, `value`) and `union`.
 * `size` counts the parts in it.
 */
export interface Node {
  readonly op: string;
  readonly value: string | number;
  readonly parts: readonly Node[];
  readonly size: number;
}

/** Whether a part gives answers with their places, not just a value. */
export const findsNodes = ({ op }: Node): boolean => FINDS_NODES.has(op);

/** `names` are the questions and repeats that were referred to, `this` whether the answer at hand was. */
export class Parser {
  readonly names = new Set<string>();
  readonly calls = new Set<string>();
  this = false;
  readonly #tokens: readonly Token[];
  readonly #columns: boolean;
  #next = 0;
  #depth = 0;
  #predicates = 0;
  #parts = PARTS;

  constructor(text: string, columns: boolean) {
    const { length } = Array.from(text);
    if (length > CHARACTERS)
      throw new ExpressionError(`expected at most ${CHARACTERS} characters, got ${length}`, CHARACTERS);
    this.#tokens = tokens(text);
    this.#columns = columns;
  }

  /** The tree of the whole text. */
  parsed(): Node {
    const root = this.#level(1);
    this.#expect('');
    return root;
  }

  #peek(ahead = 0): Token {
    return this.#tokens[Math.min(this.#next + ahead, this.#tokens.length - 1)] as Token;
  }

  get #token(): Token {
    return this.#peek();
  }

  #take(): Token {
    const token = this.#token;
    this.#next++;
    return token;
  }

  /** Go past these signs if they are what comes next. */
  #takes(...texts: string[]): boolean {
    if (!texts.every((text, index) => this.#peek(index).text === text)) return false;
    this.#next += texts.length;
    return true;
  }

  #expect(text: string): void {
    if (this.#token.text !== text) throw this.#unexpected(text ? `'${text}'` : 'the end');
    this.#next++;
  }

  #unexpected(what: string): ExpressionError {
    const { text, at } = this.#token;
    return new ExpressionError(`expected ${what}, got ${text ? `'${text}'` : 'the end'}`, at);
  }

  #node(op: string, parts: readonly Node[] = [], value: string | number = ''): Node {
    if (--this.#parts < 0) throw new ExpressionError(`expected at most ${PARTS} parts, got more`, this.#token.at);
    return { op, value, parts, size: parts.reduce((size, part) => size + part.size, 1) };
  }

  #power(): number {
    const { kind, text } = this.#token;
    return kind === 'sign' || kind === 'name' ? (POWER.get(text) ?? 0) : 0;
  }

  /** Parse what binds at least as tightly as `power`; operators of one level bind to the left. */
  #level(power: number): Node {
    let left = this.#nested();
    for (let found = this.#power(); found >= power; found = this.#power()) {
      const operator = this.#take();
      const right = this.#level(found + 1);
      if (operator.text === '|') for (const side of [left, right]) this.#mustFindNodes(side, "'|'", operator);
      left = this.#node(operator.text === '|' ? 'union' : operator.text, [left, right]);
    }
    return left;
  }

  #nested(): Node {
    if (++this.#depth > DEPTH) throw new ExpressionError(`expected at most ${DEPTH} levels, got more`, this.#token.at);
    const node = this.#takes('-') ? this.#node('negative', [this.#level(UNARY)]) : this.#followed(this.#primary());
    this.#depth--;
    return node;
  }

  #primary(): Node {
    const token = this.#token;
    if (this.#takes('current', '(', ')', '/')) return this.#outer();
    if (token.kind === 'name')
      return this.#peek(1).text === '(' || !this.#columns ? this.#call() : this.#node('column', [], this.#take().text);
    if (token.kind === 'end') throw this.#unexpected('a value');
    if (token.kind !== 'sign') return this.#leaf(this.#take());
    if (this.#takes('.')) return this.#own();
    if (!this.#takes('(')) throw this.#unexpected('a value');
    const inner = this.#level(1);
    this.#expect(')');
    return findsNodes(inner) ? this.#node('whole', [inner]) : inner;
  }

  #leaf(token: Token): Node {
    if (token.kind === 'answer') return this.#answer('answer', token);
    return this.#node('constant', [], token.kind === 'number' ? Number(token.text) : token.text.slice(1, -1));
  }

  /** The answer at hand: outside of predicates that of the place that asks. */
  #own(): Node {
    this.this ||= this.#predicates === 0;
    return this.#node('this');
  }

  #answer(op: string, token: Token): Node {
    const name = token.text.slice(2, -1);
    this.names.add(name);
    return this.#node(op, [], name);
  }

  /** Parse what follows `current()/`. */
  #outer(): Node {
    if (this.#takes('.')) {
      this.this = true;
      return this.#node('own');
    }
    if (this.#token.kind !== 'answer') throw this.#unexpected("'.' or a reference");
    return this.#answer('outer', this.#take());
  }

  /** Parse the predicates and steps after nodes. */
  #followed(start: Node): Node {
    let node = start;
    while (this.#token.text === '[' || this.#token.text === '/') {
      if (!findsNodes(node)) throw this.#unexpected('an operator or the end');
      if (this.#takes('[')) {
        this.#predicates++;
        node = this.#node('filter', [node, this.#level(1)]);
        this.#predicates--;
        this.#expect(']');
      } else {
        this.#next++;
        if (this.#token.kind !== 'name') throw this.#unexpected('a name');
        this.names.add(this.#token.text);
        node = this.#node('step', [node], this.#take().text);
      }
    }
    return node;
  }

  #call(): Node {
    const name = this.#token;
    const found = FUNCTIONS.get(name.text);
    if (!found) throw this.#unexpected('a value or a known function');
    if (name.text === 'last' && this.#predicates === 0)
      throw new ExpressionError('expected last() in a predicate only', name.at);
    this.#next++;
    this.calls.add(name.text);
    this.#expect('(');
    const place = name.text === 'position' || name.text === 'index' ? this.#place() : '';
    if (place) return this.#node(name.text, [], place);
    const parts = this.#arguments();
    if (parts.length === 0 && found.ofThis) parts.push(this.#own());
    this.#check(found, name, parts);
    if (name.text === 'once') this.this = true;
    return name.text === 'jr:choice-name' ? this.#choiceName(name, parts) : this.#node(name.text, parts);
  }

  /** Parse jr:choice-name(value, '${question}') as authors write it, and (${question}, value) as the text says. */
  #choiceName(name: Token, [value, question]: readonly Node[]): Node {
    const quoted = question?.op === 'constant' && /^\$\{([a-z][a-z0-9_]*)\}$/.exec(String(question.value))?.[1];
    if (quoted && value) {
      this.names.add(quoted);
      return this.#node(name.text, [value], quoted);
    }
    if (value?.op !== 'answer' || !question)
      throw new ExpressionError("expected jr:choice-name() to have a value and a question '${name}'", name.at);
    return this.#node(name.text, [question], value.value);
  }

  /** Parse `..` or `current()/..` and the bracket, if this is what position() asks about. */
  #place(): string {
    if (this.#takes('..', ')')) return '..';
    return this.#takes('current', '(', ')', '/', '..', ')') ? 'current' : '';
  }

  #arguments(): Node[] {
    const parts: Node[] = [];
    while (this.#token.text !== ')') {
      if (parts.length) this.#expect(',');
      parts.push(this.#level(1));
    }
    this.#next++;
    return parts;
  }

  #check(found: Function, { text, at }: Token, parts: readonly Node[]): void {
    if (!fits(found, parts.length))
      throw new ExpressionError(`expected ${text}() to have ${wanted(found)} arguments, got ${parts.length}`, at);
    Array.from(kinds(found, parts.length)).forEach((kind, index) => {
      const part = parts[index];
      if (part && kind === 'n') this.#mustFindNodes(part, `${text}()`, { at });
    });
    const objection = found.refuses?.(parts.map(({ op, value }) => (op === 'constant' ? value : undefined)));
    if (objection !== undefined) throw new ExpressionError(`${text}(): ${objection}`, at);
  }

  #mustFindNodes(node: Node, what: string, { at }: { at: number }): void {
    if (!findsNodes(node)) throw new ExpressionError(`expected ${what} to have a reference`, at);
  }
}
