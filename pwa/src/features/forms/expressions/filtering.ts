/** Predicates and other choices among nodes. `filtering.py` is its twin. */
import type { Frame } from './scope.ts';
import { referred } from './tree.ts';
import { boolean, type Nodes, type Row, type Value } from './values.ts';

const key = (row: Row): string => row.map(([repeat, index]) => `${repeat}[${index}]`).join('/');

/**
 * Keeps the nodes of which the predicate is true, or whose place it says (XPath 1.0, 3.3).
 *
 * Rows count from 1 within the row around them, as siblings; answers, and nodes in brackets (`whole`), through all of
 * them. `size` is how many parts the predicate has.
 */
export function filtered(
  nodes: Nodes,
  predicate: (frame: Frame) => Value,
  size: number,
  whole: boolean,
  { scope, meter }: Frame,
): Nodes {
  meter.spend(nodes.texts.length * (size + 1));
  const groups = nodes.rows.map((row) => (nodes.rowsOfRepeat && !whole ? key(row.slice(0, -1)) : ''));
  const sizes = new Map<string, number>();
  for (const group of groups) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  const places = new Map<string, number>();
  return only(nodes, (text, row, index) => {
    const group = groups[index] ?? '';
    const position = (places.get(group) ?? 0) + 1;
    places.set(group, position);
    const value = predicate({ scope, meter, row, this: text, position, size: sizes.get(group) ?? 0 });
    return typeof value === 'number' ? value === position : boolean(value);
  });
}

function only(nodes: Nodes, keeps: (text: string, row: Row, index: number) => boolean): Nodes {
  const texts: string[] = [];
  const rows: Row[] = [];
  nodes.rows.forEach((row, index) => {
    const text = nodes.texts[index] ?? '';
    if (!keeps(text, row, index)) return;
    texts.push(text);
    rows.push(row);
  });
  return { ...nodes, texts, rows };
}

/** Joins two node-sets in the order in which they are written; a node that is in both stands once. */
export function united(one: Nodes, other: Nodes): Nodes {
  const same = one.name === other.name;
  const seen = new Set(same ? one.rows.map(key) : []);
  const more = only(other, (_, row) => !seen.has(key(row)));
  return {
    name: same ? one.name : '',
    texts: [...one.texts, ...more.texts],
    rows: [...one.rows, ...more.rows],
    rowsOfRepeat: one.rowsOfRepeat || other.rowsOfRepeat,
  };
}

/** indexed-repeat(): the answer in the rows that are named, and otherwise in those of the frame. */
export function indexed(
  name: string,
  repeats: readonly string[],
  indexes: readonly ((frame: Frame) => number)[],
): (frame: Frame) => Nodes {
  return (frame) => {
    const wanted = new Map(repeats.map((repeat, place) => [repeat, rowNumber(indexes[place]?.(frame) ?? 0)]));
    const around = new Map(frame.row);
    const row: [string, number][] = [];
    for (const repeat of frame.scope.tree.repeats.get(name) ?? []) {
      const index = wanted.get(repeat) ?? around.get(repeat) ?? 0;
      if (index < 1) break;
      row.push([repeat, index]);
    }
    const found = referred(name, { ...frame, row });
    const first = new Map(found.rows[0] ?? []);
    const fits = found.rows.length > 0 && [...wanted].every(([repeat, index]) => first.get(repeat) === index);
    return { ...only(found, (_text, _row, index) => fits && index === 0), rowsOfRepeat: false };
  };
}

/** The number of a row; 0, which no row has, for what is none. */
const rowNumber = (index: number): number => (index >= 1 && index <= 2 ** 31 ? Math.trunc(index) : 0);
