/** Cases of the shared vectors: an expression, the answers that it sees, and values as JSON has them. */
import { type Scope, scopeOf } from '../scope.ts';
import { path } from '../tree.ts';
import { isNodes, type Row, type Value } from '../values.ts';

/** An answer, or the rows of a repeat. */
export type Answer = string | readonly Answers[];
export interface Answers {
  readonly [name: string]: Answer;
}

/** `at` is the path of the place that asks; `offset` minutes ahead of UTC; `now` ms since 1970. */
export interface Asked {
  readonly expression: string;
  readonly answers?: Answers;
  readonly at?: string;
  readonly this?: string;
  readonly now?: number;
  readonly offset?: number;
  readonly seed?: string;
  readonly version?: string;
  readonly column?: Readonly<Record<string, string>>;
}

export const NOW = 1_795_280_400_123; // 2026-11-22T00:00:00.123+07:00

/** What the place that asks sees. */
export function scopeFrom(asked: Omit<Asked, 'expression'>): Scope {
  const { answers = {}, at = '', column, ...given } = asked;
  const repeats = new Map<string, readonly string[]>();
  const texts = new Map<string, string>();
  const counts = new Map<string, number>();
  const visit = (row: Row, inside: Answers): void => {
    for (const [name, answer] of Object.entries(inside)) {
      repeats.set(
        name,
        row.map(([repeat]) => repeat),
      );
      if (typeof answer === 'string') texts.set(path(row, name), answer);
      else {
        counts.set(path(row, name), answer.length);
        answer.forEach((each, index) => visit([...row, [name, index + 1]], each));
      }
    }
  };
  visit([], answers);
  return scopeOf(
    { repeats, texts, counts },
    {
      row: rowOf(at),
      this: texts.get(at) ?? '',
      path: at,
      now: NOW,
      offset: 420,
      version: '2026-1',
      label: (question, value) => `${question}: ${value}`,
      ...given,
      column: column && new Map(Object.entries(column)),
    },
  );
}

const rowOf = (at: string): Row =>
  at
    .split('/')
    .slice(0, -1)
    .map((step) => {
      const [repeat = '', number = ''] = step.replace(']', '').split('[');
      return [repeat, Number(number)];
    });

/** Numbers that JSON lacks are written `{"number": "NaN"}`, nodes as the list of their texts. */
export function asJson(value: Value): unknown {
  if (isNodes(value)) return { nodes: value.texts, rows: value.rows.map((row) => path(row, '')) };
  const lacking = typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0));
  return lacking ? { number: Object.is(value, -0) ? '-0' : String(value) } : value;
}
