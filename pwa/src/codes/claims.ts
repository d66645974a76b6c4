/** Reads single claims of a code; what is missing, of another type or out of range throws `CodeError('malformed')`. */

import type { Bytes } from '../sync/canonical.ts';
import { hex, refuse } from './base.ts';
import { type Cbor, type CborMap, isBytes, isMap } from './cbor.ts';

/** Claims that only this service knows stand in a map of their own (RFC 8392 9.1). */
export const OWN = -65537;

export const UINT32 = 2 ** 32 - 1;
export const NAME_BYTES = 64;
/** The last second of the year 9999. */
const LATEST = 253_402_300_799;

/** Return `value` as a map of all the `required` keys and any of the `optional` ones. */
export function fields(value: Cbor | undefined, required: readonly number[], optional?: readonly number[]): CborMap {
  if (!isMap(value)) return refuse('malformed', 'expected a map');
  const known = new Set([...required, ...(optional ?? [])]);
  if (!required.every((key) => value.has(key)) || ![...value.keys()].every((key) => known.has(key)))
    return refuse('malformed', `expected the keys ${required.join()} and maybe ${String(optional)}`);
  return value;
}

export function whole(value: Cbor | undefined, most: number, least = 0): number {
  if (typeof value === 'number' && value >= least && value <= most) return value;
  return refuse('malformed', `expected a whole number from ${least} to ${most}`);
}

/** Return a NumericDate: whole seconds since 1970. */
export function seconds(value: Cbor | undefined): number {
  return whole(value, LATEST);
}

/** Return a text of 1 to `most` bytes in UTF-8. */
export function text(value: Cbor | undefined, most: number): string {
  if (typeof value === 'string' && value !== '' && new TextEncoder().encode(value).length <= most) return value;
  return refuse('malformed', `expected a text of 1 to ${most} bytes`);
}

export function bytes(value: Cbor | undefined, size: number): Bytes {
  if (isBytes(value) && value.length === size) return value;
  return refuse('malformed', `expected ${size} bytes`);
}

/** Return bytes as lower-case hex, which is how records and facts carry ids. */
export function hexId(value: Cbor | undefined, size: number): string {
  return hex(bytes(value, size));
}

/** Return a claim that may be missing, as null. */
export function maybe<T>(value: Cbor | undefined, read: (value: Cbor) => T): T | null {
  return value === undefined ? null : read(value);
}
