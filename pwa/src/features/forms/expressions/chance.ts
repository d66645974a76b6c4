/**
 * Digests, and chance that is none: what the draft's seed and the asking place's path give. `chance.py` is its twin.
 *
 * The server computes again what a phone has computed, so random() and uuid() have to give it the same.
 */
import { digest, NAMES } from './digest.ts';
import type { Frame } from './scope.ts';
import { type Constants, type Function, row } from './table.ts';

const ENCODINGS = ['base64', 'hex'];
const LETTERS = '0123456789abcdefghijklmnopqrstuvwxyz';
const LONGEST = 256; // letters of uuid(n)

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

function encoded({ meter }: Frame, text: string, algorithm: string, encoding = 'base64'): string {
  if (!NAMES.includes(algorithm) || !ENCODINGS.includes(encoding)) return '';
  meter.spend(text.length);
  const found = digest(text, algorithm) ?? new Uint8Array();
  return encoding === 'hex' ? hex(found) : btoa(String.fromCharCode(...found));
}

function unknown([, algorithm, encoding]: Constants): string | undefined {
  if (algorithm !== undefined && !NAMES.includes(String(algorithm)))
    return `expected one of ${NAMES.join(', ')}, got '${algorithm}'`;
  if (encoding !== undefined && !ENCODINGS.includes(String(encoding)))
    return `expected one of ${ENCODINGS.join(', ')}, got '${encoding}'`;
  return undefined;
}

/** 32 bytes; another call in the same evaluation, or another `part`, gives others. */
function draw({ scope: { seed, path }, meter }: Frame, part = 0): Uint8Array {
  if (part === 0) meter.calls++;
  meter.spend(16);
  return digest(`${seed}\0${path}\0${meter.calls}\0${part}`, 'SHA-256') ?? new Uint8Array(32);
}

/** A number from 0 to below 1, of 53 bits. */
const random = (frame: Frame): number =>
  Number(BigInt(`0x${hex(draw(frame).subarray(0, 7))}`) >> 3n) / 2 ** 53;

/** A UUID of version 4 (RFC 9562), or so many letters and digits. */
function uuid(frame: Frame, length?: number): string {
  if (length === undefined) {
    const drawn = draw(frame).slice(0, 16);
    drawn[6] = ((drawn[6] ?? 0) & 0x0f) | 0x40;
    drawn[8] = ((drawn[8] ?? 0) & 0x3f) | 0x80;
    return hex(drawn).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  }
  const count = length >= 1 ? Math.trunc(Math.min(length, LONGEST)) : 0;
  const parts = Array.from({ length: Math.ceil(count / 32) }, (_, part) =>
    Array.from(draw(frame, part), (byte) => LETTERS[byte % 36]).join(''),
  );
  return parts.join('').slice(0, count);
}

export const CHANCE: Readonly<Record<string, Function>> = {
  digest: row('ttt', (frame, text, algorithm, encoding?: string) => encoded(frame, text, algorithm, encoding), {
    least: 2,
    refuses: unknown,
  }),
  random: row('', random),
  uuid: row('d', (frame, length?: number) => uuid(frame, length), { least: 0 }),
};
