/** What every code has in common: a prefix, Base45 (RFC 9285), and the reasons for which one is not read. */

import { decode, encode } from 'base45-ts';

import type { Bytes } from '../sync/canonical.ts';

/** Why a text is no code, or not one to believe. The guard's screen has words for each. */
export type CodeReason =
  | 'not_a_code'
  | 'card'
  | 'malformed'
  | 'trailing_bytes'
  | 'duplicate_keys'
  | 'algorithm'
  | 'no_pack'
  | 'unknown_issuer'
  | 'forged'
  | 'holder'
  | 'other_place';

export type Prefix = 'MCI1:' | 'MCP1:' | 'MCC1:' | 'MCD1:' | 'MCX1:';

/** Characters that the largest QR code holds in alphanumeric mode (ISO/IEC 18004, version 40-L). */
const LONGEST = 4296;

const PREFIX = /^MC[IPCDX]1:/;

/** A code that can't be read or believed. `reason` is stable; the message says what was expected. */
export class CodeError extends Error {
  readonly reason: CodeReason;

  constructor(reason: CodeReason, message: string) {
    super(message);
    this.name = 'CodeError';
    this.reason = reason;
  }
}

/** Throw a `CodeError`, as an expression. */
export function refuse(reason: CodeReason, message: string): never {
  throw new CodeError(reason, message);
}

/** Return a prefix (`MCI1:`) and the Base45 of `data`. */
export function encodeText(prefix: Prefix, data: Uint8Array): string {
  return prefix + encode(data);
}

/**
 * Read a code's text strictly: one way of writing only, upper case, nothing trimmed. A text without one of our prefixes
 * is `not_a_code`, anything else that is wrong `malformed`.
 */
export function decodeText(text: string): { prefix: Prefix; data: Bytes } {
  if (!PREFIX.test(text)) refuse('not_a_code', 'expected a text that starts with MCI1:, MCP1:, MCC1:, MCD1: or MCX1:');
  const prefix = text.slice(0, 5) as Prefix;
  if (text.length > LONGEST) refuse('malformed', `expected at most ${LONGEST} characters, got ${text.length}`);
  const data = bytesOf(text.slice(5));
  // base45-ts lets values past 65535 overflow; whatever it got wrong does not come back as the same text.
  if (encode(data) !== text.slice(5)) refuse('malformed', 'expected Base45 as RFC 9285 writes it');
  return { prefix, data };
}

/** Read a code of one sort; any other sort is `not_a_code`. */
export function decodeOnly(prefix: Prefix, text: string): Bytes {
  const code = decodeText(text);
  return code.prefix === prefix ? code.data : refuse('not_a_code', `expected ${prefix}, got ${code.prefix}`);
}

export function hex(data: Uint8Array): string {
  return Array.from(data, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function unhex(text: string): Bytes {
  if (!/^(?:[0-9a-f]{2})*$/.test(text)) refuse('malformed', 'expected lower-case hex');
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function bytesOf(letters: string): Bytes {
  try {
    return new Uint8Array(decode(letters));
  } catch (error) {
    return refuse('malformed', `expected Base45: ${String(error)}`);
  }
}
