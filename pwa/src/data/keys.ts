/** Keys of this phone: ECDSA P-256, never to be taken out of the browser (non-extractable). */

import { deviceId, thumbprint } from '../codes/keys.ts';
import type { Bytes } from '../sync/canonical.ts';
import type { Device } from './db.ts';

export { deviceId, sha256, thumbprint } from '../codes/keys.ts';

const KEY = { name: 'ECDSA', namedCurve: 'P-256' };
const ES256 = { name: 'ECDSA', hash: 'SHA-256' };

type Jwk = Device['jwk'];

/** Make a key pair; the private half can't be taken out of the browser. */
export async function newKey(): Promise<{ key: CryptoKey; jwk: Jwk }> {
  const { privateKey, publicKey } = await crypto.subtle.generateKey(KEY, false, ['sign', 'verify']);
  const { x, y } = await crypto.subtle.exportKey('jwk', publicKey);
  return { key: privateKey, jwk: { kty: 'EC', crv: 'P-256', x: x ?? '', y: y ?? '' } };
}

/** Make a new key and with it a new device, at the start of its chain and not enrolled. */
export async function newDevice(): Promise<Device> {
  const { key, jwk } = await newKey();
  return { id: deviceId(await thumbprint(jwk)), key, jwk, enrolled: false, seq: 0, prev: '' };
}

/** Sign with ES256; the signature is r||s, 64 bytes (RFC 7518 3.4). */
export async function sign(key: CryptoKey, input: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.sign(ES256, key, input));
}
