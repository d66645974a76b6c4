/** COSE_Sign1 (RFC 9052 4.2), untagged, with ES256 and nothing unprotected. */

import type { Bytes } from '../sync/canonical.ts';
import { refuse } from './base.ts';
import { type CborMap, decode, decodeMap, encode, isBytes, isMap } from './cbor.ts';
import { bytes, fields } from './claims.ts';
import { type Sign, verifyWith } from './keys.ts';

/** Header parameters: the algorithm, the key's id, and what tells our messages apart (typ, RFC 9596). */
export const ALG = 1;
export const KID = 4;
export const TYP = 16;
const ES256 = -7;
const SIGNATURE = 64;

/** A message that was read and not yet verified. `signature` (r||s) is over `signingInput`. */
export interface Sign1 {
  readonly protected: CborMap;
  readonly payload: Bytes;
  readonly claims: CborMap;
  readonly signingInput: Bytes;
  readonly signature: Bytes;
}

/** Read a message. Throws `CodeError`: `trailing_bytes`, `duplicate_keys`, `algorithm`, or `malformed` for all else. */
export function parse(data: Bytes): Sign1 {
  const parts = decode(data);
  if (!Array.isArray(parts) || parts.length !== 4) return refuse('malformed', 'expected an array of four');
  const [head, unprotected, payload, signature] = parts as readonly unknown[];
  if (!isBytes(head) || !isMap(unprotected) || !isBytes(payload) || !isBytes(signature))
    return refuse('malformed', 'expected an array of header, map, payload and signature');
  const header = decodeMap(head);
  if (header.get(ALG) !== ES256) refuse('algorithm', `expected alg ${ES256}`);
  if (unprotected.size > 0 || signature.length !== SIGNATURE)
    refuse('malformed', `expected no unprotected header, and a signature of ${SIGNATURE} bytes`);
  return {
    protected: header,
    payload,
    claims: decodeMap(payload),
    signingInput: signingInput(head, payload),
    signature,
  };
}

/** Return the bytes of a signed message; `alg` is added to the header. */
export async function build(header: CborMap, claims: CborMap, sign: Sign): Promise<Bytes> {
  const [head, payload] = [encode(new Map([...header, [ALG, ES256]])), encode(claims)];
  const signature = await sign(signingInput(head, payload));
  return encode([head, new Map(), payload, new Uint8Array(signature)]);
}

export async function verify(message: Sign1, key: CryptoKey): Promise<boolean> {
  return verifyWith(key, message.signature, message.signingInput);
}

/** Return the `kid` of what an issuer signed; a header with anything else than it should have is `malformed`. */
export function issuerKid({ protected: header }: Sign1, typ: number | null): Bytes {
  fields(header, typ === null ? [ALG, KID] : [ALG, KID, TYP]);
  if (typ !== null && header.get(TYP) !== typ) refuse('malformed', `expected type ${typ}`);
  return bytes(header.get(KID), 4);
}

function signingInput(head: Bytes, payload: Bytes): Bytes {
  return encode(['Signature1', head, new Uint8Array(), payload]);
}
