/** Public P-256 keys as JWK (RFC 7517): their thumbprints (RFC 7638), and the signatures that they verify. */

import { base64url } from '../sync/batch.ts';
import { type Bytes, encode } from '../sync/canonical.ts';

export interface Jwk {
  readonly kty: string;
  readonly crv: string;
  readonly x: string;
  readonly y: string;
}

/** Makes an ES256 signature: r||s, 64 bytes (RFC 7518 3.4). */
export type Sign = (input: Bytes) => Promise<Uint8Array>;

const KEY = { name: 'ECDSA', namedCurve: 'P-256' };
const ES256 = { name: 'ECDSA', hash: 'SHA-256' };

/** Return the SHA-256 of a public key's required members (RFC 7638), 32 bytes. */
export async function thumbprintBytes({ kty, crv, x, y }: Jwk): Promise<Bytes> {
  return sha256(encode({ kty, crv, x, y }));
}

/** Return the base64url thumbprint of a public key. */
export async function thumbprint(jwk: Jwk): Promise<string> {
  return base64url(await thumbprintBytes(jwk));
}

/** Return the id of a thumbprint's device, or issuer's key: the first 22 letters, 132 bits. */
export function deviceId(jkt: string): string {
  return jkt.slice(0, 22);
}

/** Make a key ready to verify with; once, as this takes time. What is no key throws a `DOMException`. */
export async function importKey({ kty, crv, x, y }: Jwk): Promise<CryptoKey> {
  return crypto.subtle.importKey('jwk', { kty, crv, x, y }, KEY, false, ['verify']);
}

export async function verifyWith(key: CryptoKey, signature: Bytes, input: Bytes): Promise<boolean> {
  return crypto.subtle.verify(ES256, key, signature, input);
}

export async function sha256(data: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', data));
}
