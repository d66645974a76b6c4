/** The holder's key in a code: the claim `cnf` with a compressed COSE_Key (RFC 8747 3.2, RFC 9053 7.1.1). */

import { base64url, unbase64url } from '../sync/batch.ts';
import type { Bytes } from '../sync/canonical.ts';
import { refuse } from './base.ts';
import { type Cbor, type CborMap, isBytes, isMap } from './cbor.ts';
import type { Jwk } from './keys.ts';

export const CNF = 8;

const [KTY, CRV, X, Y_IS_ODD] = [1, -1, -2, -3] as const;
const [EC2, P256] = [2, 1] as const;
const SIZE = 32;

// y² = x³ - 3x + B over the integers modulo P (SP 800-186, 3.2.1.3)
const P = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;
const B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;

/** Return the claim for a P-256 key: its x, and whether its y is odd. */
export function toCnf({ x, y }: Jwk): CborMap {
  const key = new Map<number, Cbor>([
    [KTY, EC2],
    [CRV, P256],
    [X, unbase64url(x)],
    [Y_IS_ODD, isOdd(unbase64url(y))],
  ]);
  return new Map([[1, key]]);
}

/** Return the key of the claim; anything but a compressed point on P-256 throws `CodeError('malformed')`. */
export function fromCnf(claim: Cbor | undefined): Jwk {
  const key = isMap(claim) && claim.size === 1 ? claim.get(1) : undefined;
  if (!isMap(key) || key.size !== 4 || key.get(KTY) !== EC2 || key.get(CRV) !== P256)
    return refuse('malformed', 'expected cnf to hold a P-256 key');
  const [x, odd] = [key.get(X), key.get(Y_IS_ODD)];
  if (!isBytes(x) || x.length !== SIZE || typeof odd !== 'boolean')
    return refuse('malformed', 'expected x of 32 bytes and the sign of y');
  return { kty: 'EC', crv: 'P-256', x: base64url(x), y: base64url(decompressed(x, odd)) };
}

/** Return y (SEC 1, 2.3.4); WebCrypto finds none, because browsers import uncompressed points only. */
function decompressed(data: Bytes, odd: boolean): Bytes {
  const x = number(data);
  const square = modulo(x ** 3n - 3n * x + B);
  const y = power(square, (P + 1n) / 4n);
  if (x >= P || (y * y) % P !== square) return refuse('malformed', 'expected a point on P-256');
  const root = bytes(y);
  return isOdd(root) === odd ? root : bytes(P - y);
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

function isOdd(data: Bytes): boolean {
  return ((data.at(-1) ?? 0) & 1) === 1;
}

function number(data: Bytes): bigint {
  return data.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

function bytes(value: bigint): Bytes {
  return Uint8Array.from({ length: SIZE }, (_, index) => Number((value >> BigInt(8 * (SIZE - 1 - index))) & 0xffn));
}
