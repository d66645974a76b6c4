/** The CBOR of codes: deterministic (RFC 8949 4.2.1), and only what codes are made of. */

import { decodeFirst, encode as encodeCbor, rfc8949EncodeOptions, type Token, Tokenizer, Type } from 'cborg';

import type { Bytes } from '../sync/canonical.ts';
import { refuse } from './base.ts';

export type Cbor = number | string | boolean | Bytes | readonly Cbor[] | CborMap;
export type CborMap = ReadonlyMap<number, Cbor>;

/** Levels of arrays and maps. */
const DEPTH = 6;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Return the one encoding of a value. */
export function encode(value: Cbor): Bytes {
  return encodeCbor(value, rfc8949EncodeOptions);
}

/**
 * Read one value that fills all of `data`. Bytes after it are `trailing_bytes`, a key that stands twice in a map is
 * `duplicate_keys`, all else that is not deterministic is `malformed`.
 */
export function decode(data: Bytes): Cbor {
  const unique = first(data, true);
  const [value, rest] = unique ?? first(data, false) ?? refuse('malformed', 'expected CBOR of definite lengths');
  if (rest.length > 0) refuse('trailing_bytes', `expected nothing after the value, got ${rest.length} bytes`);
  if (unique === null) refuse('duplicate_keys', 'expected each key once in a map');
  check(value, DEPTH);
  if (!same(encode(value), data)) refuse('malformed', 'expected deterministic CBOR');
  return value;
}

/** Read one map that fills all of `data`. */
export function decodeMap(data: Bytes): CborMap {
  const value = decode(data);
  return isMap(value) ? value : refuse('malformed', 'expected a map');
}

export function isMap(value: unknown): value is CborMap {
  return value instanceof Map;
}

export function isBytes(value: unknown): value is Bytes {
  return value instanceof Uint8Array;
}

export function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

/** cborg's errors have no codes: null stands for all of them, and what was wrong is found by reading once more. */
function first(data: Bytes, rejectDuplicateMapKeys: boolean): [unknown, Uint8Array] | null {
  const options = { useMaps: true, allowIndefinite: false, rejectDuplicateMapKeys, retainStringBytes: true };
  try {
    return decodeFirst(data, { ...options, tokenizer: new StrictText(data, options) });
  } catch {
    return null;
  }
}

/** cborg takes any bytes for text, and drops a byte order mark. */
class StrictText extends Tokenizer {
  override next(): Token {
    const token = super.next();
    if (token.type === Type.string && token.byteValue !== undefined) token.value = utf8.decode(token.byteValue);
    return token;
  }
}

/** Refuse fractions, null, BigInt and whatever else no code holds. */
function check(value: unknown, depth: number): asserts value is Cbor {
  if (typeof value === 'boolean' || typeof value === 'string' || Number.isSafeInteger(value) || isBytes(value)) return;
  if (depth === 0 || !(Array.isArray(value) || isMap(value)))
    return refuse('malformed', 'expected whole numbers, bytes, texts, and a few levels of arrays and maps');
  if (isMap(value) && ![...value.keys()].every(Number.isSafeInteger))
    return refuse('malformed', 'expected keys that are whole numbers');
  for (const item of value.values()) check(item, depth - 1);
}
