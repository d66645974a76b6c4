/**
 * Regular expressions as forms use them, parsed into a program for matching.ts. `pattern.py` is its twin.
 *
 * Characters, `.`, classes `[a-z]`, `\d \w \s` and their opposites, groups, `|`, `* + ? {n,m}`, anchors, and `\p{L}`.
 * What would need a matcher that goes back, or what engines read in different ways, is refused.
 */

const STEPS = 2_000; // of a program
const DEPTH = 20; // groups within each other
const COUNT = 1_000; // repetitions in braces
const REMEMBERED = 512;

type Accepts = (code: number) => boolean;

/** The text is no regular expression that we know. */
export class PatternError extends Error {}

/**
 * One step: `accepts` a character, or goes on to each of `to`; `where` must hold of the place in the text.
 *
 * `where` is `^`, `$`, `b`, `B` or empty. The place after the last step is the match.
 */
export interface Step {
  readonly accepts?: Accepts;
  readonly to: readonly number[];
  readonly where: string;
}

const within =
  (...ranges: readonly (readonly [number, number])[]): Accepts =>
  (code) =>
    ranges.some(([first, last]) => first <= code && code <= last);
const no =
  (accepts: Accepts): Accepts =>
  (code) =>
    !accepts(code);

const DIGIT = within([0x30, 0x39]);
export const WORD = within([0x30, 0x39], [0x41, 0x5a], [0x5f, 0x5f], [0x61, 0x7a]);
const SPACE = within([0x09, 0x0d], [0x20, 0x20]);
const DOT = no(within([0x0a, 0x0a], [0x0d, 0x0d], [0x2028, 0x2029]));
const CLASSES: ReadonlyMap<string, Accepts> = new Map([
  ['d', DIGIT],
  ['D', no(DIGIT)],
  ['w', WORD],
  ['W', no(WORD)],
  ['s', SPACE],
  ['S', no(SPACE)],
]);
const CONTROLS: ReadonlyMap<string, number> = new Map([
  ['t', 9],
  ['n', 10],
  ['v', 11],
  ['f', 12],
  ['r', 13],
]);
const CATEGORIES = ['L', 'Lu', 'Ll', 'Lt', 'Lm', 'Lo', 'M', 'Mn', 'N', 'Nd', 'P', 'S', 'Z', 'Zs'];
/** Latin, Greek and Cyrillic letters, which every version of Unicode in use sorts alike. */
const KNOWN = within([0, 0x24f], [0x300, 0x52f], [0x1e00, 0x1fff]);
const SIGNS = [
  ['*', [0, undefined]],
  ['+', [1, undefined]],
  ['?', [0, 1]],
] as const;

const remembered = new Map<string, readonly Step[] | PatternError>();

/** The program of a regular expression; `PatternError` says what is wrong with it. */
export function program(text: string): readonly Step[] {
  let found = remembered.get(text);
  if (!found) {
    try {
      found = new Parser(text).parsed();
    } catch (error) {
      if (!(error instanceof PatternError)) throw error;
      found = error;
    }
    if (remembered.size >= REMEMBERED) remembered.clear();
    remembered.set(text, found);
  }
  if (found instanceof PatternError) throw found;
  return found;
}

/** Each method returns the steps of what it parsed, whose places count from its first one. */
class Parser {
  readonly #text: readonly string[];
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = Array.from(text);
    bounded(this.#text.length);
  }

  parsed(): readonly Step[] {
    const steps = this.#choice();
    if (this.#peek()) throw new PatternError(`expected no '${this.#peek()}' here in a pattern`);
    return steps;
  }

  #peek(ahead = 0): string {
    return this.#text[this.#at + ahead] ?? '';
  }

  #takes(sign: string): boolean {
    const found = this.#peek() === sign;
    if (found) this.#at++;
    return found;
  }

  #take(): string {
    const sign = this.#peek();
    if (!sign) throw new PatternError('expected more of the pattern, got its end');
    this.#at++;
    return sign;
  }

  #choice(): Step[] {
    let steps = this.#sequence();
    while (this.#takes('|')) {
      const other = this.#sequence();
      const [begin, end] = [steps.length + 2, steps.length + other.length + 2];
      steps = [goes(1, begin), ...moved(steps, 1), goes(end), ...moved(other, begin)];
      bounded(steps.length);
    }
    return steps;
  }

  #sequence(): Step[] {
    const steps: Step[] = [];
    while (!['', '|', ')'].includes(this.#peek())) {
      steps.push(...moved(this.#repeated(), steps.length));
      bounded(steps.length);
    }
    return steps;
  }

  #repeated(): Step[] {
    const once = this.#atom();
    const found = this.#quantifier();
    if (!found) return once;
    if (once.length === 1 && once[0]?.where) throw new PatternError('expected no repetition of a place in the text');
    const [least, most] = found;
    this.#takes('?'); // the shortest match first: all the same when the whole text must match
    const size = once.length + 1;
    bounded((most ?? least) * size + size + 1);
    const steps = Array.from({ length: least }, (_, index) => moved(once, index * once.length)).flat();
    const begin = steps.length;
    if (most === undefined)
      return [...steps, goes(begin + 1, begin + size + 1), ...moved(once, begin + 1), goes(begin)];
    const end = begin + (most - least) * size;
    for (let at = begin; at < end; at += size) steps.push(goes(at + 1, end), ...moved(once, at + 1));
    return steps;
  }

  #quantifier(): readonly [number, number | undefined] | undefined {
    const sign = SIGNS.find(([sign]) => this.#takes(sign));
    if (sign) return sign[1];
    if (!this.#takes('{')) return undefined;
    const least = this.#number();
    let most: number | undefined = least;
    if (this.#takes(',')) most = this.#peek() === '}' ? undefined : this.#number();
    if (!this.#takes('}') || (most !== undefined && most < least))
      throw new PatternError('expected {n}, {n,} or {n,m} in a pattern');
    return [least, most];
  }

  #number(): number {
    let digits = '';
    while (/^[0-9]$/.test(this.#peek())) digits += this.#take();
    if (!digits || digits.length > 4 || Number(digits) > COUNT)
      throw new PatternError(`expected a number up to ${COUNT} in the braces of a pattern`);
    return Number(digits);
  }

  #atom(): Step[] {
    const sign = this.#take();
    if (sign === '(') return this.#group();
    if (sign === '^' || sign === '$') return [{ to: [1], where: sign }];
    if ('*+?{'.includes(sign)) throw new PatternError(`expected something to repeat before '${sign}' in a pattern`);
    if (sign === '\\' && /^[bB]$/.test(this.#peek())) return [{ to: [1], where: this.#take() }];
    return [{ accepts: this.#accepted(sign), to: [1], where: '' }];
  }

  #group(): Step[] {
    if (this.#takes('?') && !this.#takes(':'))
      throw new PatternError(`expected a group, got '(?${this.#peek()}', which is not supported in a pattern`);
    if (++this.#depth > DEPTH)
      throw new PatternError(`expected at most ${DEPTH} groups within each other in a pattern`);
    const steps = this.#choice();
    this.#depth--;
    if (!this.#takes(')')) throw new PatternError("expected ')' in a pattern");
    return steps;
  }

  #accepted(sign: string): Accepts {
    if (sign === '.') return DOT;
    if (sign === '[') return this.#listed();
    const found = sign === '\\' ? this.#escaped() : codeOf(sign);
    return typeof found === 'number' ? within([found, found]) : found;
  }

  /** Parse a class, after its `[`. */
  #listed(): Accepts {
    const opposite = this.#takes('^');
    const accepted: Accepts[] = [];
    while (!this.#takes(']')) {
      const first = this.#member();
      accepted.push(typeof first === 'number' ? within([first, this.#last(first)]) : first);
    }
    if (accepted.length === 0)
      throw new PatternError('expected characters between the square brackets of a pattern');
    const found: Accepts = (code) => accepted.some((each) => each(code));
    return opposite ? no(found) : found;
  }

  /** Parse the end of a range, if this is one. */
  #last(first: number): number {
    if (this.#peek() !== '-' || [']', ''].includes(this.#peek(1))) return first;
    this.#at++;
    const last = this.#member();
    if (typeof last !== 'number' || last < first)
      throw new PatternError('expected a range from a lower to a higher character in a pattern');
    return last;
  }

  #member(): number | Accepts {
    if (this.#peek() === '&' && this.#peek(1) === '&')
      throw new PatternError("expected no '&&' between the square brackets of a pattern");
    const sign = this.#take();
    if (sign === '[') throw new PatternError("expected '\\[' between the square brackets of a pattern, got '['");
    return sign === '\\' ? this.#escaped() : codeOf(sign);
  }

  /** Parse what follows a backslash: a character, or a class of them. */
  #escaped(): number | Accepts {
    const sign = this.#take();
    const known = CLASSES.get(sign) ?? CONTROLS.get(sign);
    if (known !== undefined) return known;
    if (sign === 'x' || sign === 'u') return this.#hexadecimal(sign);
    if (sign === 'p' || sign === 'P') return this.#category(sign === 'P');
    if (/^[A-Za-z0-9]$/.test(sign)) throw new PatternError(`expected no '\\${sign}' in a pattern`);
    return codeOf(sign);
  }

  #hexadecimal(sign: string): number {
    const digits = Array.from({ length: sign === 'x' ? 2 : 4 }, () => this.#take()).join('');
    if (!/^[0-9a-fA-F]+$/.test(digits))
      throw new PatternError(`expected hexadecimal digits after '\\${sign}' in a pattern`);
    return parseInt(digits, 16);
  }

  #category(opposite: boolean): Accepts {
    const name = /^\{([A-Za-z]{1,2})\}/.exec(this.#text.slice(this.#at, this.#at + 4).join(''))?.[1] ?? '';
    if (!CATEGORIES.includes(name))
      throw new PatternError(`expected one of \\p{${CATEGORIES.join('}, p{')}} in a pattern`);
    this.#at += name.length + 2;
    const sorted = new RegExp(`^\\p{${name}}$`, 'u');
    const accepts: Accepts = (code) => KNOWN(code) && sorted.test(String.fromCodePoint(code));
    return opposite ? no(accepts) : accepts;
  }
}

const codeOf = (sign: string): number => sign.codePointAt(0) ?? 0;
const goes = (...to: number[]): Step => ({ to, where: '' });
const moved = (steps: readonly Step[], by: number): Step[] =>
  steps.map((step) => ({ ...step, to: step.to.map((to) => to + by) }));

function bounded(count: number): void {
  if (count > STEPS) throw new PatternError(`expected a pattern of at most ${STEPS} steps`);
}
