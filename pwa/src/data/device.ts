/** Signing as this phone: codes that it shows at the desk or hands to another guard's phone. Never a legal act. */

import type { Bytes } from '../sync/canonical.ts';
import { meta, reading } from './db.ts';
import { sign } from './keys.ts';
import { Problem } from './problem.ts';

/** This phone to others: its device id, which is half of its key's thumbprint, and the public key. */
export interface OwnDevice {
  id: string;
  jwk: { kty: string; crv: string; x: string; y: string };
  /** Sign with ES256; the signature is r||s. */
  sign: (input: Bytes) => Promise<Bytes>;
}

/** Return this phone as a signer. Throws `device_missing` when it is not enrolled. */
export async function ownDevice(): Promise<OwnDevice> {
  const device = await reading((tx) => meta(tx, 'device'));
  if (device?.enrolled !== true) throw new Problem('device_missing', false, 'expected an enrolled key on this phone');
  const { id, jwk, key } = device;
  return { id, jwk, sign: (input) => sign(key, input) };
}
