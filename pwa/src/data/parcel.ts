/** What `GET /gate/pack` answers (CBOR), read once at the edge. */

import { decode } from 'cborg';

import type { Columns } from '../codes/columns.ts';
import type { Bytes } from '../sync/canonical.ts';
import { Problem } from './problem.ts';

/** A pack as it came. `states` are records as JSON, by kind and id; `undone` are ids of check-ins. */
export interface Parcel {
  epoch: string;
  time: number;
  unit: string;
  cursors: Record<string, number>;
  records: { kind: string; id: string; state: object }[];
  guards: string[];
  columns: Columns;
  /** Of each check-in the last 3 bytes of its meeting's id, or zeros. */
  meeting: Bytes;
  undone: string[];
}

type Fields = Readonly<Record<string, unknown>>;

/** Read a pack. What is not of the expected form is taken as lost on the way. */
export function open(data: Bytes): Parcel {
  const { epoch, time, unit, cursors, records, guards, checkins, undone } = fields(decoded(data));
  const passages = fields(checkins);
  return {
    epoch: text(epoch),
    time: whole(time),
    unit: text(unit),
    cursors: Object.fromEntries(Object.entries(fields(cursors)).map(([feed, seq]) => [feed, whole(seq)])),
    records: list(records).map(record),
    guards: list(guards).map(text),
    columns: columns(passages),
    meeting: bytes(passages.meeting),
    undone: list(undone).map(text),
  };
}

function decoded(data: Bytes): unknown {
  try {
    return decode(data, { allowIndefinite: false, allowUndefined: false, rejectDuplicateMapKeys: true });
  } catch (error) {
    return garbled('CBOR', error);
  }
}

function record(data: unknown): Parcel['records'][number] {
  const { kind, id, state } = fields(data);
  try {
    return { kind: text(kind), id: text(id), state: fields(JSON.parse(text(state))) };
  } catch (error) {
    return garbled('a record', error);
  }
}

function columns({ n, at, rest, subject, flags, max, place }: Fields): Columns {
  return {
    n: whole(n),
    at: bytes(at),
    rest: bytes(rest),
    subject: bytes(subject),
    flags: bytes(flags),
    max: bytes(max),
    place: bytes(place),
  };
}

function fields(data: unknown): Fields {
  return typeof data === 'object' && data !== null ? (data as Fields) : garbled('a map', data);
}

function list(data: unknown): unknown[] {
  return Array.isArray(data) ? (data as unknown[]) : garbled('an array', data);
}

function text(data: unknown): string {
  return typeof data === 'string' ? data : garbled('text', data);
}

function whole(data: unknown): number {
  return typeof data === 'number' && Number.isSafeInteger(data) && data >= 0 ? data : garbled('a whole number', data);
}

/** A copy: what is stored must not drag the whole download along. */
function bytes(data: unknown): Bytes {
  return data instanceof Uint8Array ? new Uint8Array(data) : garbled('bytes', data);
}

function garbled(expected: string, got: unknown): never {
  throw new Problem('network', true, `expected ${expected}, got ${String(got)}`);
}
