/**
 * Between a draft's registers and nested answers.
 *
 * A top-level answer stands in `answer/<name>`; a row in `row/<repeat>/<id>` (true while it is there), its answers in
 * `answer/<repeat>/<id>/<name>`, and so on inwards. The order of rows is the order of their ids. A repeat with a
 * `count` has the rows `00000000000000000001`, `…2` and so on, so that two phones that never met make the same ones.
 */
import type { Value } from '../../../sync/canonical.ts';
import type { Answers, Form } from './form.ts';
import { isRepeat, structureOf } from './structure.ts';

export const ANSWER = 'answer/';
const ROW = 'row/';
const ID = 20; // hex digits
const TIME = 12; // of them

/** The ids of the rows that are there, by the path of their repeat: `children`, `children[2]/toys`. */
export type Rows = ReadonlyMap<string, readonly string[]>;

interface Nested {
  readonly answers: Answers;
  readonly rows: Rows;
}

/** Make nested answers of a draft's values; answers in rows that are not there are left out. */
export function nested(form: Form, values: Readonly<Record<string, Value>>): Nested {
  const { within, parts } = structureOf(form);
  const branches = branched(values);
  const rows = new Map<string, readonly string[]>();
  const read = (repeat: string, tail: string, prefix: string): Answers => {
    const found: [string, unknown][] = [];
    for (const name of within.get(repeat) ?? []) {
      const part = parts.get(name);
      if (part === undefined) continue;
      if (!isRepeat(part)) {
        const value = values[ANSWER + tail + name];
        if (value !== undefined) found.push([name, value]);
        continue;
      }
      const here = `${tail}${name}/`;
      const ids = part.count === undefined ? there(values, here, branches) : counted(here, branches);
      if (ids.length === 0) continue;
      rows.set(prefix + name, ids);
      found.push([name, ids.map((id, index) => read(name, `${here}${id}/`, `${prefix}${name}[${index + 1}]/`))]);
    }
    return Object.fromEntries(found);
  };
  const answers = read('', '', '');
  // What this version of the form doesn't ask is kept at the top, where nothing reads it but a look at what is lost.
  const other = Object.entries(values).filter(([key]) => /^answer\/[^/]+$/.test(key) && !parts.has(key.slice(7)));
  return { answers: { ...Object.fromEntries(other.map(([key, value]) => [key.slice(7), value])), ...answers }, rows };
}

/** Return the register of the answer at a path: `children[2]/name` is `answer/children/<id of row 2>/name`. */
export const keyOf = (path: string, rows: Rows): string => ANSWER + tailOf(path, rows);

/** Return the register that says whether a row, such as `children[2]`, is there. */
export const rowKeyOf = (row: string, rows: Rows): string => ROW + tailOf(row, rows);

/** Return what stands behind `answer/`, `row/` or `from/` for a path. */
export function tailOf(path: string, rows: Rows): string {
  let around = '';
  return path
    .split('/')
    .map((step) => {
      const [, name = step, number] = /^(.*)\[(\d+)\]$/.exec(step) ?? [];
      const here = around + name;
      around += `${step}/`;
      if (number === undefined) return name;
      return `${name}/${rows.get(here)?.[Number(number) - 1] ?? countedId(Number(number))}`;
    })
    .join('/');
}

/** Return the path of the answer (or row) that a register holds; null for another register, or a row that is gone. */
export function pathOf(key: string, rows: Rows): string | null {
  const steps = key.split('/').slice(1);
  let path = '';
  for (let at = 0; at < steps.length; at += 2) {
    path += steps[at] ?? '';
    const id = steps[at + 1];
    if (id === undefined) return path;
    const index = rows.get(path)?.indexOf(id) ?? -1;
    if (index < 0) return null;
    path += `[${index + 1}]${at + 2 < steps.length ? '/' : ''}`;
  }
  return path === '' ? null : path;
}

/** Return the id of a new row, which stands after all those made before: 12 hex digits of ms, 8 of chance. */
export function rowId(now: number, random: Uint8Array, after: readonly string[] = []): string {
  const last = Number.parseInt((after.at(-1) ?? '').slice(0, TIME) || '0', 16);
  const time = Math.max(now, last + 1); // a clock that went back must not put it before
  const chance = [...random.slice(0, (ID - TIME) / 2)].map((byte) => byte.toString(16).padStart(2, '0'));
  return time.toString(16).padStart(TIME, '0') + chance.join('');
}

/** Return the id of a row of a repeat that has a `count`. */
export const countedId = (number: number): string => number.toString(16).padStart(ID, '0');

/** The ids that stand behind each `<repeat>/` among a draft's registers. */
function branched(values: Readonly<Record<string, Value>>): Map<string, Set<string>> {
  const branches = new Map<string, Set<string>>();
  for (const key of Object.keys(values)) {
    if (!key.startsWith(ANSWER) && !key.startsWith(ROW)) continue;
    const steps = key.split('/');
    for (let at = 2; at < steps.length; at += 2) {
      const tail = `${steps.slice(1, at).join('/')}/`;
      let ids = branches.get(tail);
      if (ids === undefined) branches.set(tail, (ids = new Set()));
      ids.add(steps[at] ?? '');
    }
  }
  return branches;
}

const there = (values: Readonly<Record<string, Value>>, tail: string, branches: Map<string, Set<string>>): string[] =>
  [...(branches.get(tail) ?? [])].filter((id) => values[ROW + tail + id] === true).sort();

function counted(tail: string, branches: Map<string, Set<string>>): string[] {
  const last = [...(branches.get(tail) ?? [])].filter((id) => /^0{16}[0-9a-f]{4}$/.test(id)).sort().at(-1);
  return Array.from({ length: Number.parseInt(last ?? '0', 16) }, (_, index) => countedId(index + 1));
}
