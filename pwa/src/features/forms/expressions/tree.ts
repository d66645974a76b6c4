/** Finds nodes of the document that answers make. `tree.py` is its twin. */
import type { Frame, Tree } from './scope.ts';
import type { Nodes, Row } from './values.ts';

/** The instances of a question or repeat that share the frame's row in the repeats common to both. */
export function referred(name: string, frame: Frame): Nodes {
  const { repeats, texts, counts } = frame.scope.tree;
  const chain = repeats.get(name) ?? [];
  const text = chain.length === 0 ? texts.get(name) : undefined; // most questions stand in no repeat
  if (text !== undefined || (chain.length === 0 && !counts.has(name))) {
    frame.meter.spend(1);
    return { name, texts: text === undefined ? [] : [text], rows: text === undefined ? [] : [[]], rowsOfRepeat: false };
  }
  return found(name, rowsOf(chain, common(chain, frame.row), frame), frame);
}

/** The instances of a question or repeat within rows: what `/name` after them means. */
export function stepped(nodes: Nodes, name: string, frame: Frame): Nodes {
  const chain = frame.scope.tree.repeats.get(name) ?? [];
  const rows = nodes.rows.filter((row) => nodes.rowsOfRepeat && common(chain, row).length === row.length);
  return found(
    name,
    rows.flatMap((row) => rowsOf(chain, row, frame)),
    frame,
  );
}

/** The path of a question or repeat in a row: `children[2]/toys[1]/title`. */
export const path = (row: Row, name: string): string =>
  row.map(([repeat, index]) => `${repeat}[${index}]/`).join('') + name;

function common(chain: readonly string[], row: Row): Row {
  let shared = 0;
  while (shared < chain.length && shared < row.length && row[shared]?.[0] === chain[shared]) shared++;
  return row.slice(0, shared);
}

function rowsOf(chain: readonly string[], start: Row, frame: Frame): Row[] {
  let rows = [start];
  for (const repeat of chain.slice(start.length)) rows = rows.flatMap((row) => rowsIn(row, repeat, frame));
  return rows;
}

function rowsIn(row: Row, repeat: string, { scope, meter }: Frame): Row[] {
  const count = scope.tree.counts.get(path(row, repeat)) ?? 0;
  meter.spend(count);
  return Array.from({ length: count }, (_, index): Row => [...row, [repeat, index + 1]]);
}

function found(name: string, rows: readonly Row[], frame: Frame): Nodes {
  const { texts }: Tree = frame.scope.tree;
  frame.meter.spend(rows.length);
  const answers: string[] = [];
  const places: Row[] = [];
  const inner: Row[] = [];
  for (const row of rows) {
    const text = texts.get(path(row, name));
    if (text === undefined) inner.push(...rowsIn(row, name, frame));
    else {
      answers.push(text);
      places.push(row);
    }
  }
  if (answers.length > 0) return { name, texts: answers, rows: places, rowsOfRepeat: false };
  return { name, texts: inner.map(() => ''), rows: inner, rowsOfRepeat: inner.length > 0 };
}
