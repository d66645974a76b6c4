/** Compact JWS (RFC 7515 7.1) with ES256, as the trust list, receipts and status lists are. */

import { unbase64url } from '../sync/batch.ts';
import { type Bytes, decode, isObject, type Value } from '../sync/canonical.ts';
import { refuse } from '../sync/limits.ts';
import { importKey, type Jwk, verifyWith } from './keys.ts';

export type Fields = { readonly [name: string]: Value };

/** What was read and not yet verified. */
export interface Jws {
  readonly header: Fields;
  readonly payload: Fields;
  readonly input: Bytes;
  readonly signature: Bytes;
}

/** Read a compact JWS of type `typ`. Anything else throws `Invalid`. */
export function openJws(text: string, typ: string): Jws {
  const [head = '', body = '', tail = '', ...more] = text.split('.');
  const header = decode(unbase64url(head));
  const payload = decode(unbase64url(body));
  if (more.length > 0 || !isObject(header) || !isObject(payload) || header.alg !== 'ES256' || header.typ !== typ)
    return refuse('json', `expected a compact JWS with alg ES256 and typ ${typ}`);
  return { header, payload, input: new TextEncoder().encode(`${head}.${body}`), signature: unbase64url(tail) };
}

/** Return whether the key signed this. A key that is no point of P-256 throws a `DOMException`. */
export async function signedBy({ signature, input }: Jws, jwk: Jwk): Promise<boolean> {
  return verifyWith(await importKey(jwk), signature, input);
}

/** Return a public P-256 key as JSON has it, or null when it is none. */
export function jwkOf(value: Value | undefined): Jwk | null {
  if (!isObject(value)) return null;
  const { kty, crv, x, y } = value;
  if (kty !== 'EC' || crv !== 'P-256' || typeof x !== 'string' || typeof y !== 'string') return null;
  return { kty, crv, x, y };
}
