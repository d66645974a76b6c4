/** Check-ins in compact columns: about 25 bytes each. The gate pack and the exchange between two phones use them. */

import type { Bytes } from '../sync/canonical.ts';
import { refuse, unhex } from './base.ts';

/**
 * Somebody came in or went out. `id` is a UUIDv7 whose time is `at` (ms); `subject` is hex, 8 bytes; `gate` is a bit's
 * number; `max` is how often the code may enter, 0 without bound; `override` says that the guard admitted all the same.
 */
export interface CheckIn {
  readonly id: string;
  readonly at: number;
  readonly way: 'in' | 'out';
  readonly subject: string;
  readonly gate: number;
  readonly place: number;
  readonly max: number;
  readonly override: boolean;
}

/**
 * The columns of `n` check-ins in the order of their ids. `at` and `place` are LEB128 numbers, `at` the ms since the
 * one before; `rest` has bytes 6 to 15 of each id, `subject` 8 bytes, `max` one, and so has `flags`: bit 0 out, bit 1
 * override, bits 2 to 5 gate.
 */
export interface Columns {
  readonly n: number;
  readonly at: Bytes;
  readonly rest: Bytes;
  readonly subject: Bytes;
  readonly flags: Bytes;
  readonly max: Bytes;
  readonly place: Bytes;
}

const [OUT, OVERRIDE, GATE_SHIFT, GATES] = [1, 2, 2, 16] as const;
const [ID_REST, SUBJECT] = [10, 8] as const;
const MOST_ENTRIES = 255;
const LATEST = 2 ** 48;
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Return the columns of check-ins, in whatever order they come. An id that is not of its time throws `CodeError`. */
export function toColumns(checkIns: readonly CheckIn[]): Columns {
  const sorted = checkIns.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  for (const { id, at } of sorted)
    if (!id.startsWith(timeOf(at))) refuse('malformed', `expected an id of the time ${at}, got ${id}`);
  return {
    n: sorted.length,
    at: leb128(sorted.map(({ at }, index) => at - (sorted[index - 1]?.at ?? 0))),
    rest: unhex(sorted.map(({ id }) => id.replaceAll('-', '').slice(12)).join('')),
    subject: unhex(sorted.map(({ subject }) => subject).join('')),
    flags: Uint8Array.from(sorted, flagsOf),
    max: Uint8Array.from(sorted, ({ max }) => Math.min(max, MOST_ENTRIES)),
    place: leb128(sorted.map(({ place }) => place)),
  };
}

/** Read columns. Those that do not fit together throw `CodeError('malformed')`. */
export function fromColumns({ n, at, rest, subject, flags, max, place }: Columns): CheckIn[] {
  if (rest.length !== n * ID_REST || subject.length !== n * SUBJECT || flags.length !== n || max.length !== n)
    return refuse('malformed', `expected columns of ${n} check-ins`);
  const [deltas, places] = [unleb128(at, n), unleb128(place, n)];
  let time = 0;
  return deltas.map((delta, index) => {
    time += delta;
    const flag = flags[index] ?? 0;
    if (time >= LATEST || flag >> GATE_SHIFT >= GATES) refuse('malformed', 'expected a time and a gate in bounds');
    return {
      id: idOf(time, hexAt(rest, index * ID_REST, ID_REST)),
      at: time,
      way: (flag & OUT) === 0 ? 'in' : 'out',
      subject: hexAt(subject, index * SUBJECT, SUBJECT),
      gate: flag >> GATE_SHIFT,
      place: places[index] ?? 0,
      max: max[index] ?? 0,
      override: (flag & OVERRIDE) !== 0,
    };
  });
}

/** Write whole numbers in groups of seven bits, the lowest first (LEB128). */
export function leb128(numbers: readonly number[]): Bytes {
  const bytes: number[] = [];
  for (const number of numbers) {
    let left = number;
    for (; left >= 128; left = Math.floor(left / 128)) bytes.push((left % 128) + 128);
    bytes.push(left);
  }
  return Uint8Array.from(bytes);
}

/** Read exactly `n` numbers that fill `data`. Anything else throws `CodeError('malformed')`. */
export function unleb128(data: Bytes, n: number): number[] {
  const numbers: number[] = [];
  let [number, weight] = [0, 1];
  for (const byte of data) {
    number += (byte & 127) * weight;
    weight *= 128;
    if (number > Number.MAX_SAFE_INTEGER) refuse('malformed', 'expected numbers that are counted exactly');
    if (byte >= 128) continue;
    if (byte === 0 && weight > 128) refuse('malformed', 'expected numbers in their shortest form');
    numbers.push(number);
    [number, weight] = [0, 1];
  }
  if (weight > 1 || numbers.length !== n) refuse('malformed', `expected ${n} numbers, got ${numbers.length}`);
  return numbers;
}

function flagsOf({ way, override, gate }: CheckIn): number {
  return (way === 'out' ? OUT : 0) | (override ? OVERRIDE : 0) | (gate << GATE_SHIFT);
}

function idOf(at: number, rest: string): string {
  return `${timeOf(at)}-${rest.slice(0, 4)}-${rest.slice(4, 8)}-${rest.slice(8)}`;
}

/** The first half of a UUIDv7 (RFC 9562 5.7). */
function timeOf(at: number): string {
  const time = at.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}`;
}

function hexAt(data: Bytes, start: number, length: number): string {
  let text = '';
  for (let index = start; index < start + length; index += 1) text += HEX[data[index] ?? 0] ?? '';
  return text;
}
