/** The CBOR of codes: deterministic (RFC 8949 4.2.1), and only what codes are made of. */

import * as cborg from 'cborg';

import type { Bytes } from '../sync/canonical.ts';
import { refuse } from './base.ts';
import { itemEnd } from './wellformed.ts';

export type Cbor = number | string | boolean | Bytes | readonly Cbor[] | CborMap;
export type CborMap = ReadonlyMap<number, Cbor>;

/** Levels of arrays and maps. */
const DEPTH = 6;

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** Return the one encoding of a value. */
export function encode(value: Cbor): Bytes {
  return new Uint8Array(cborg.encode(value, cborg.rfc8949EncodeOptions)); // in Node it would be a Buffer
}

/**
 * Read one value that fills all of `data`. Bytes after it are `trailing_bytes`, a key that stands twice in a map is
 * `duplicate_keys`, all else that is not deterministic is `malformed`.
 */
export function decode(data: Bytes): Cbor {
  const end = itemEnd(data, 0, DEPTH);
  if (end < data.length) refuse('trailing_bytes', `expected ${end} bytes, got ${data.length}`);
  const value = load(data, { unique: true });
  if (value === undefined && load(data, { unique: false }) !== undefined)
    refuse('duplicate_keys', 'expected each key once in a map');
  check(value);
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

/** Return undefined for what cborg does not read: its errors have no codes. */
function load(data: Bytes, { unique }: { unique: boolean }): unknown {
  const options = { useMaps: true, rejectDuplicateMapKeys: unique, retainStringBytes: true };
  try {
    return cborg.decode(data, { ...options, tokenizer: new Reader(data, options) });
  } catch {
    return undefined;
  }
}

/** cborg drops a byte order mark from texts. It stops at tags; without them what it read is not written alike. */
class Reader extends cborg.Tokenizer {
  override next(): cborg.Token {
    const token = super.next();
    if (token.type === cborg.Type.tag) return this.next();
    if (token.type === cborg.Type.string && token.byteValue !== undefined) token.value = utf8.decode(token.byteValue);
    return token;
  }
}

/** Refuse fractions, null, BigInt and whatever else no code holds. */
function check(value: unknown): asserts value is Cbor {
  if (typeof value === 'boolean' || typeof value === 'string' || Number.isSafeInteger(value) || isBytes(value)) return;
  if (!Array.isArray(value) && !isMap(value))
    return refuse('malformed', 'expected whole numbers, bytes, texts, arrays and maps');
  if (isMap(value) && ![...value.keys()].every(Number.isSafeInteger))
    return refuse('malformed', 'expected keys that are whole numbers');
  for (const item of value.values()) check(item);
}
