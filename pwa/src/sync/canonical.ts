/** Canonical JSON without floats: RFC 8785 bytes of the values that SPEC.md R10 admits. */

import { INTEGER, JSON_DEPTH, refuse, VALUE_BYTES, VALUE_DEPTH } from './limits.ts';

export type Value = boolean | number | string | null | readonly Value[] | { readonly [name: string]: Value };
export type Bytes = Uint8Array<ArrayBuffer>;

const STRINGS = /"[^"\\]*(?:\\.[^"\\]*)*"/g;
const LONE_SURROGATE = /\p{Surrogate}/u;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Return the RFC 8785 bytes of `value`; it holds no float. Lone surrogates throw `Invalid('value_text')`. */
export function encode(value: Value): Bytes {
  return encoder.encode(stringify(value));
}

/** Return what `encode` does as text. */
export function stringify(value: Value): string {
  if (typeof value === 'string') {
    if (LONE_SURROGATE.test(value)) refuse('value_text', 'expected Unicode text, got a lone surrogate');
    return JSON.stringify(value);
  }
  if (isArray(value)) return `[${value.map(stringify).join(',')}]`;
  if (isObject(value)) {
    // Plain sort() compares UTF-16 code units, which is the order of RFC 8785 3.2.3.
    const names = Object.keys(value).sort();
    return `{${names.map((name) => `${stringify(name)}:${stringify(value[name] as Value)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}

/**
 * Parse JSON text (UTF-8) that every language reads alike (R10). Anything else throws `Invalid('json')`.
 *
 * Beyond RFC 8259 it refuses what parsers disagree on (RFC 7493): fractions, exponents, -0, integers past 2^53-1,
 * a name that stands twice in an object, a byte order mark, and more than 32 levels.
 */
export function decode(data: Uint8Array | string): Value {
  let value: Value;
  let text: string;
  try {
    text = typeof data === 'string' ? data : decoder.decode(data);
    value = JSON.parse(text) as Value;
  } catch (error) {
    return refuse('json', `expected JSON without floats: ${String(error)}`);
  }
  if (LONE_SURROGATE.test(text)) refuse('json', 'expected Unicode text, got a lone surrogate');
  // Numbers, names and nesting are judged by the text, because JSON.parse rounds and drops without a word.
  const bare = text.replace(STRINGS, '');
  if (/\d[.eE]|-0/.test(bare)) refuse('json', 'expected JSON without floats');
  if (bare.match(/\d{16,}/g)?.some((digits) => digits.length > 16 || Number(digits) > INTEGER))
    refuse('json', `expected integers within ±${INTEGER}`);
  if (deeper(bare, JSON_DEPTH)) refuse('json', `expected at most ${JSON_DEPTH} levels of arrays and objects`);
  if (members(value) !== bare.split(':').length - 1) refuse('json', 'expected each name once in an object');
  return value;
}

/** Refuse a value that breaks R10 or the value limits of R12, with `Invalid('value_...')`. */
export function check(value: unknown): asserts value is Value {
  checkPart(value, VALUE_DEPTH);
  const size = encode(value as Value).length;
  if (size > VALUE_BYTES) refuse('value_size', `expected a value of at most ${VALUE_BYTES} bytes, got ${size}`);
}

/** Return `value` with each text in Unicode normal form C, as R10 wants it. Names of objects stay as they are. */
export function nfc(value: Value): Value {
  if (typeof value === 'string') return value.normalize('NFC');
  if (isArray(value)) return value.map(nfc);
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, nfc(item)]));
  return value;
}

export function isArray(value: unknown): value is readonly Value[] {
  return Array.isArray(value);
}

export function isObject(value: unknown): value is { readonly [name: string]: Value } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function checkPart(value: unknown, depth: number): void {
  if (typeof value === 'string') checkText(value);
  else if (typeof value === 'number') checkNumber(value);
  else if (isArray(value) || isObject(value)) {
    if (depth === 0) refuse('value_depth', `expected at most ${VALUE_DEPTH} levels of arrays and objects`);
    if (isObject(value)) Object.keys(value).forEach(checkText);
    for (const item of Object.values(value)) checkPart(item, depth - 1);
  } else if (value !== null && typeof value !== 'boolean') {
    refuse('value_type', `expected JSON without floats, got ${typeof value}`);
  }
}

function checkNumber(value: number): void {
  if (!Number.isInteger(value)) refuse('value_type', 'expected JSON without floats');
  if (!Number.isSafeInteger(value)) refuse('value_integer', `expected an integer within ±${INTEGER}`);
}

function checkText(text: string): void {
  if (text.normalize('NFC') !== text) refuse('value_text', 'expected text in Unicode normal form C');
}

function deeper(text: string, limit: number): boolean {
  let depth = 0;
  for (const letter of text) {
    if (letter === '[' || letter === '{') depth += 1;
    else if (letter === ']' || letter === '}') depth -= 1;
    if (depth > limit) return true;
  }
  return false;
}

function members(value: Value): number {
  if (isArray(value)) return value.reduce<number>((sum, item) => sum + members(item), 0);
  if (isObject(value)) return Object.values(value).reduce<number>((sum, item) => sum + 1 + members(item), 0);
  return 0;
}
