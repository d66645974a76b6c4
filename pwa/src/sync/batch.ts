/** A batch: the changes that one device signed together (SPEC.md B1). Keys are not known here. */

import { type Bytes, decode, encode, type Value } from './canonical.ts';
import { type Change, hasExactly, isWhole, parse as parseChange, REPLICA, toJson } from './change.ts';
import { BATCH_BYTES, BATCH_CHANGES, refuse } from './limits.ts';

export const TYPE = 'motcua-batch+jws';
const HASH = /^[A-Za-z0-9_-]{43}$/;
const HEADER = ['alg', 'kid', 'typ'];
const PAYLOAD = ['seq', 'prev', 'at', 'changes'];

/**
 * What a device signs: `seq` counts its batches from 1; `prev` is the `hashOf` the one before, '' for the first;
 * `at` is the claimed time in ms.
 */
export interface Draft {
  readonly device: string;
  readonly seq: number;
  readonly prev: string;
  readonly at: number;
  readonly changes: readonly Change[];
}

/** What stands in a batch. `signature` (64 bytes, r||s) is over `signingInput`; `hash` is the `hashOf` the JWS. */
export interface Batch extends Draft {
  readonly signingInput: Bytes;
  readonly signature: Bytes;
  readonly hash: string;
}

/** Return the compact JWS of a batch (RFC 7515 7.1). `sign` makes the ES256 signature, 64 bytes r||s. */
export async function build(draft: Draft, sign: (input: Bytes) => Promise<Uint8Array>): Promise<string> {
  const { device, seq, prev, at, changes } = draft;
  const header: Value = { alg: 'ES256', kid: device, typ: TYPE };
  const payload: Value = { seq, prev, at, changes: changes.map(toJson) };
  const input = `${base64url(encode(header))}.${base64url(encode(payload))}`;
  const jws = `${input}.${base64url(await sign(ascii(input)))}`;
  if (changes.length === 0 || changes.length > BATCH_CHANGES || jws.length > BATCH_BYTES)
    refuse('batch_size', `expected 1 to ${BATCH_CHANGES} changes in ${BATCH_BYTES} bytes, got ${changes.length}`);
  return jws;
}

/** Return how many of these changes, from the first on, one batch can hold (B1). */
export function fitting(changes: readonly Change[]): number {
  let room = (BATCH_BYTES / 4) * 3 - 1024; // base64url makes 4 letters of 3 bytes; 1 KiB is for all but the changes
  for (const [index, change] of changes.slice(0, BATCH_CHANGES).entries()) {
    room -= encode(toJson(change)).length + 1;
    if (room < 0) return index;
  }
  return Math.min(changes.length, BATCH_CHANGES);
}

/** Read a compact JWS (RFC 7515 7.1). What B1 does not admit throws `Invalid`; the signature is not checked. */
export async function parse(jws: string): Promise<Batch> {
  if (jws.length > BATCH_BYTES)
    refuse('batch_size', `expected a batch of at most ${BATCH_BYTES} bytes, got ${jws.length}`);
  const [head, body, tail, ...more] = jws.split('.', 4);
  if (head === undefined || body === undefined || tail === undefined || more.length > 0 || /[^\0-\x7f]/.test(jws))
    return refuse('batch_shape', 'expected a compact JWS of three base64url parts');
  const device = deviceOf(decode(unbase64url(head)));
  const payload = payloadOf(decode(unbase64url(body)));
  const signature = unbase64url(tail);
  if (signature.length !== 64)
    refuse('batch_shape', `expected a signature of 64 bytes, got ${signature.length}`);
  return {
    device,
    seq: payload.seq,
    prev: payload.prev,
    at: payload.at,
    changes: payload.changes.map((item) => parseChange(item, device)),
    signingInput: ascii(`${head}.${body}`),
    signature,
    hash: await hashOf(jws),
  };
}

/** Return the base64url SHA-256 of a batch's exact bytes, which the device's next batch names as `prev`. */
export async function hashOf(jws: string): Promise<string> {
  return base64url(new Uint8Array(await crypto.subtle.digest('SHA-256', ascii(jws))));
}

/** Encode without padding (RFC 4648 5, RFC 7515 2). */
export function base64url(data: Uint8Array): string {
  const letters = Array.from(data, (byte) => String.fromCharCode(byte)).join('');
  return btoa(letters).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** Decode strictly: no padding, no foreign characters, no stray bits. Anything else is `Invalid('base64url')`. */
export function unbase64url(text: string): Bytes {
  if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1)
    refuse('base64url', 'expected base64url without padding');
  const letters = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  const data = Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
  if (base64url(data) !== text) refuse('base64url', 'expected base64url without padding or stray bits');
  return data;
}

function deviceOf(header: Value): string {
  if (!hasExactly(header, HEADER)) return refuse('batch_shape', `expected a header of exactly ${HEADER.join()}`);
  if (header.alg !== 'ES256' || header.typ !== TYPE)
    refuse('batch_shape', `expected alg ES256 and typ ${TYPE}`);
  if (typeof header.kid === 'string' && REPLICA.test(header.kid)) return header.kid;
  return refuse('batch_shape', 'expected kid to be a device id');
}

function payloadOf(payload: Value): { seq: number; prev: string; at: number; changes: readonly Value[] } {
  if (!hasExactly(payload, PAYLOAD)) return refuse('batch_shape', `expected a payload of exactly ${PAYLOAD.join()}`);
  const { seq, prev, at, changes } = payload;
  if (!isWhole(seq) || !isWhole(at) || typeof prev !== 'string' || !Array.isArray(changes))
    return refuse('batch_shape', 'expected seq and at as whole numbers, prev as text, changes as an array');
  if (seq > 1 ? !HASH.test(prev) : prev !== '')
    refuse('batch_shape', "expected prev to be a SHA-256 in base64url, or '' when seq is 1");
  if (changes.length === 0 || changes.length > BATCH_CHANGES)
    refuse('batch_size', `expected 1 to ${BATCH_CHANGES} changes, got ${changes.length}`);
  return { seq, prev, at, changes: changes as readonly Value[] };
}

function ascii(text: string): Bytes {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}
