/** Where the first item in bytes of CBOR ends, whatever it is (RFC 8949, appendix C). */

import type { Bytes } from '../sync/canonical.ts';
import { refuse } from './base.ts';

const [BYTES, TEXT, ARRAY, MAP, TAG, SIMPLE] = [2, 3, 4, 5, 6, 7] as const;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Return the place behind the item that starts at `start`. What is not well-formed throws `CodeError('malformed')`. */
export function itemEnd(data: Bytes, start: number, depth: number): number {
  const initial = data[start] ?? refuse('malformed', 'expected an item, got the end');
  const major = initial >> 5;
  const [argument, next] = argumentOf(data, start + 1, initial & 31);
  if (major === BYTES || major === TEXT) return stringEnd(data, next, { length: argument, isText: major === TEXT });
  if (major === ARRAY || major === MAP) {
    if (depth === 0) refuse('malformed', 'expected fewer levels of arrays and maps');
    let end = next;
    for (let left = argument * (major === MAP ? 2 : 1); left > 0; left -= 1) end = itemEnd(data, end, depth - 1);
    return end;
  }
  if (major === SIMPLE && next === start + 2 && argument < 32) refuse('malformed', 'expected a simple value past 31');
  return major === TAG ? itemEnd(data, next, depth) : next;
}

function argumentOf(data: Bytes, at: number, info: number): [argument: number, next: number] {
  if (info < 24) return [info, at];
  if (info > 27) return refuse('malformed', 'expected a definite length');
  const end = at + 2 ** (info - 24);
  if (end > data.length) return refuse('malformed', 'expected a number, got the end');
  return [data.subarray(at, end).reduce((sum, byte) => sum * 256 + byte, 0), end];
}

function stringEnd(data: Bytes, start: number, { length, isText }: { length: number; isText: boolean }): number {
  const end = start + length;
  if (end > data.length) return refuse('malformed', 'expected a string, got the end');
  if (isText) {
    try {
      utf8.decode(data.subarray(start, end));
    } catch (error) {
      return refuse('malformed', `expected UTF-8: ${String(error)}`);
    }
  }
  return end;
}
