/** Public P-256 keys: as JWK (RFC 7517), by thumbprint (RFC 7638), and in the `cnf` claim of a code (RFC 8747). */

import { base64url, unbase64url } from '../sync/batch.ts';
import { type Bytes, encode } from '../sync/canonical.ts';
import { refuse } from './base.ts';
import { type Cbor, type CborMap, isBytes, isMap } from './cbor.ts';

export interface Jwk {
  readonly kty: 'EC';
  readonly crv: 'P-256';
  readonly x: string;
  readonly y: string;
}

/** Makes an ES256 signature: r||s, 64 bytes. */
export type Sign = (input: Bytes) => Promise<Uint8Array>;

const KEY = { name: 'ECDSA', namedCurve: 'P-256' };
const ES256 = { name: 'ECDSA', hash: 'SHA-256' };
const SIZE = 32;

// y² = x³ - 3x + B over the integers modulo P (SEC 2, 2.4.2)
const P = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;
const B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;

/** Return the SHA-256 of a public key's required members (RFC 7638), 32 bytes. */
export async function thumbprintBytes({ kty, crv, x, y }: Jwk): Promise<Bytes> {
  return sha256(encode({ kty, crv, x, y }));
}

/** Return the base64url thumbprint of a public key (RFC 7638); its first 22 letters are the id of a device. */
export async function thumbprint(jwk: Jwk): Promise<string> {
  return base64url(await thumbprintBytes(jwk));
}

/** Make a key ready to verify with; do it once. A key that is no point of the curve throws a `DataError`. */
export async function importKey({ kty, crv, x, y }: Jwk): Promise<CryptoKey> {
  return crypto.subtle.importKey('jwk', { kty, crv, x, y }, KEY, true, ['verify']);
}

export async function verifyWith(key: CryptoKey, signature: Bytes, input: Bytes): Promise<boolean> {
  return crypto.subtle.verify(ES256, key, signature, input);
}

export async function sha256(data: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', data));
}

/** Return the `cnf` claim of a key: `{1: {1: 2, -1: 1, -2: x, -3: y is odd}}`. */
export function toCnf({ x, y }: Jwk): CborMap {
  const odd = ((unbase64url(y).at(-1) ?? 0) & 1) === 1;
  const key = new Map<number, Cbor>([
    [1, 2],
    [-1, 1],
    [-2, unbase64url(x)],
    [-3, odd],
  ]);
  return new Map([[1, key]]);
}

/** Read a `cnf` claim. What is no point of P-256 throws `CodeError('malformed')`. */
export function fromCnf(claim: Cbor | undefined): Jwk {
  const key = isMap(claim) && claim.size === 1 ? claim.get(1) : undefined;
  if (!isMap(key) || key.size !== 4 || key.get(1) !== 2 || key.get(-1) !== 1)
    return refuse('malformed', 'expected cnf to hold a P-256 key');
  const [x, odd] = [key.get(-2), key.get(-3)];
  if (!isBytes(x) || x.length !== SIZE || typeof odd !== 'boolean')
    return refuse('malformed', 'expected x of 32 bytes and the sign of y');
  return { kty: 'EC', crv: 'P-256', x: base64url(x), y: base64url(bytes(decompressed(number(x), odd))) };
}

/** Find y (SEC 1, 2.3.4). WebCrypto can't: browsers import uncompressed points only. */
function decompressed(x: bigint, odd: boolean): bigint {
  const square = modulo(x ** 3n - 3n * x + B);
  const y = power(square, (P + 1n) / 4n);
  if (x >= P || (y * y) % P !== square) return refuse('malformed', 'expected a point on P-256');
  return (y & 1n) === (odd ? 1n : 0n) ? y : P - y;
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (const bit of exponent.toString(2)) {
    result = (result * result) % P;
    if (bit === '1') result = (result * base) % P;
  }
  return result;
}

function modulo(value: bigint): bigint {
  return ((value % P) + P) % P;
}

function number(data: Bytes): bigint {
  return data.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

function bytes(value: bigint): Bytes {
  return Uint8Array.from({ length: SIZE }, (_, index) => Number((value >> BigInt(8 * (SIZE - 1 - index))) & 0xffn));
}
