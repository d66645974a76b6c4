/** Whose keys are believed: the city's root key as it was seen first, and the unit keys on the list that it signed. */

import { unbase64url } from '../sync/batch.ts';
import { type Bytes, decode, isObject, type Value } from '../sync/canonical.ts';
import { Invalid } from '../sync/limits.ts';
import { thumbprint, verify } from './keys.ts';

type Fields = { readonly [name: string]: Value };

/** What a receipt says (see the server's `receipt` kind). */
export interface ReceiptPayload {
  submission: string;
  document_sha256: string;
  code: string;
  received_at: number;
  unit: string;
  procedure: string;
}

interface Jws {
  header: Fields;
  payload: Fields;
  input: Bytes;
  signature: Bytes;
}

/**
 * Verify a receipt against a trust list and the root's thumbprint. Returns what the receipt says, or null when any of
 * it does not hold: the list is the root's, the key was on it for that unit when the dossier came, the signature fits.
 */
export async function openReceipt(jws: string, list: string, root: string): Promise<ReceiptPayload | null> {
  try {
    const trust = open(list, 'motcua-trust+jws');
    const rootKey = keyOf(trust.header.jwk);
    if (rootKey === null || (await thumbprint(rootKey)) !== root) return null;
    if (!(await verify(rootKey, trust.signature, trust.input))) return null;

    const receipt = open(jws, 'motcua-receipt+jws');
    const { kid, unit, received_at: at } = { ...receipt.header, ...receipt.payload };
    const keys = Array.isArray(trust.payload.keys) ? (trust.payload.keys as Value[]) : [];
    const listed = keys.find((each) => isObject(each) && each.kid === kid && each.unit === unit);
    if (!isObject(listed) || typeof at !== 'number' || typeof listed.nbf !== 'number' || listed.nbf > at) return null;
    const unitKey = keyOf(listed.jwk);
    if (unitKey === null || !(await verify(unitKey, receipt.signature, receipt.input))) return null;
    return receipt.payload as unknown as ReceiptPayload;
  } catch (error) {
    // Bytes that are no JWS, or no key, are as good as a wrong signature.
    if (error instanceof Invalid || error instanceof DOMException) return null;
    throw error;
  }
}

function open(jws: string, typ: string): Jws {
  const [head = '', body = '', tail = '', ...more] = jws.split('.');
  const header = decode(unbase64url(head));
  const payload = decode(unbase64url(body));
  if (more.length > 0 || !isObject(header) || !isObject(payload) || header.alg !== 'ES256' || header.typ !== typ)
    throw new Invalid('json', `expected a compact JWS with alg ES256 and typ ${typ}`);
  return { header, payload, input: new TextEncoder().encode(`${head}.${body}`), signature: unbase64url(tail) };
}

function keyOf(jwk: Value | undefined): { kty: string; crv: string; x: string; y: string } | null {
  if (!isObject(jwk)) return null;
  const { kty, crv, x, y } = jwk;
  if (kty !== 'EC' || crv !== 'P-256' || typeof x !== 'string' || typeof y !== 'string') return null;
  return { kty, crv, x, y };
}
