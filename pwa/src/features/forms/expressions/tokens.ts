/** Cuts an expression into tokens (XPath 1.0, 3.7). `tokens.py` is its twin. */

const NAME = '[A-Za-z_][A-Za-z0-9_.-]*';
const KINDS = [
  ['answer', String.raw`\$\{[a-z][a-z0-9_]*\}`],
  ['number', String.raw`[0-9]+(?:\.[0-9]*)?|\.[0-9]+`],
  ['text', `'[^']*'|"[^"]*"`],
  ['name', `${NAME}(?::${NAME})?`],
  ['sign', String.raw`<=|>=|!=|\.\.|[=<>()\[\]+*|,./-]`],
] as const;
const PATTERN = new RegExp(`[ \\t\\r\\n]*(?:${KINDS.map(([, source]) => `(${source})`).join('|')})`, 'y');

/** The text is no expression that we know. `at` counts characters from 0. */
export class ExpressionError extends Error {
  readonly at: number;
  constructor(message: string, at: number) {
    super(`${message} at character ${at + 1}`);
    this.at = at;
  }
}

/** An answer is written `${name}`, a text with its quotes. */
export interface Token {
  readonly kind: (typeof KINDS)[number][0] | 'end';
  readonly text: string;
  readonly at: number;
}

/** The tokens and an end. Throws `ExpressionError` where none begins. */
export function tokens(text: string): Token[] {
  const end = text.search(/[ \t\r\n]*$/);
  const found: Token[] = [];
  let at = 0;
  let [counted, characters] = [0, 0];
  const place = (index: number): number => {
    characters += Array.from(text.slice(counted, index)).length;
    counted = index;
    return characters;
  };
  while (at < end) {
    PATTERN.lastIndex = at;
    const groups: (string | undefined)[] = PATTERN.exec(text)?.slice(1) ?? [];
    const index = groups.findIndex((group) => group !== undefined);
    const [kind, part] = [KINDS[index]?.[0], groups[index]];
    if (!kind || !part) {
      const from = at + text.slice(at).search(/[^ \t\r\n]/);
      const got = String.fromCodePoint(text.codePointAt(from) ?? 0);
      throw new ExpressionError(`expected a part of an expression, got '${got}'`, place(from));
    }
    at = PATTERN.lastIndex;
    found.push({ kind, text: part, at: place(at - part.length) });
  }
  return [...found, { kind: 'end', text: '', at: place(end) }];
}
