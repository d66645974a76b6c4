/** Whose keys are believed: the city's root key as it was seen first, and the unit keys on the list that it signed. */

import { jwkOf, openJws, signedBy } from '../codes/jws.ts';
import { thumbprint } from '../codes/keys.ts';
import { isObject, type Value } from '../sync/canonical.ts';
import { Invalid } from '../sync/limits.ts';

/** What a receipt says (see the server's `receipt` kind). */
export interface ReceiptPayload {
  submission: string;
  document_sha256: string;
  code: string;
  received_at: number;
  unit: string;
  procedure: string;
}

/**
 * Verify a receipt against a trust list and the root's thumbprint. Returns what the receipt says, or null when any of
 * it does not hold: the list is the root's, the key was on it for that unit when the dossier came, the signature fits.
 */
export async function openReceipt(jws: string, list: string, root: string): Promise<ReceiptPayload | null> {
  try {
    const trust = openJws(list, 'motcua-trust+jws');
    const rootKey = jwkOf(trust.header.jwk);
    if (rootKey === null || (await thumbprint(rootKey)) !== root) return null;
    if (!(await signedBy(trust, rootKey))) return null;

    const receipt = openJws(jws, 'motcua-receipt+jws');
    const { kid, unit, received_at: at } = { ...receipt.header, ...receipt.payload };
    const keys = Array.isArray(trust.payload.keys) ? (trust.payload.keys as Value[]) : [];
    const listed = keys.find((each) => isObject(each) && each.kid === kid && each.unit === unit);
    if (!isObject(listed) || typeof at !== 'number' || typeof listed.nbf !== 'number' || listed.nbf > at) return null;
    const unitKey = jwkOf(listed.jwk);
    if (unitKey === null || !(await signedBy(receipt, unitKey))) return null;
    return receipt.payload as unknown as ReceiptPayload;
  } catch (error) {
    // Bytes that are no JWS, or no key, are as good as a wrong signature.
    if (error instanceof Invalid || error instanceof DOMException) return null;
    throw error;
  }
}
