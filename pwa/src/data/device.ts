/** This phone's key as a signer, for the codes that say whose phone this is. */

import type { Bytes } from '../sync/canonical.ts';
import { meta, reading } from './db.ts';
import { sign } from './keys.ts';
import { Problem } from './problem.ts';

export interface DeviceSigner {
  /** The device's id, 22 characters. */
  id: string;
  person: string;
  jwk: { kty: string; crv: string; x: string; y: string };
  /** Makes an ES256 signature: r||s, 64 bytes. */
  sign: (input: Bytes) => Promise<Uint8Array>;
}

/** Return the signer of this phone. Throws `device_missing` when the phone is not bound to an account. */
export async function deviceSigner(): Promise<DeviceSigner> {
  const [account, device] = await reading((tx) => Promise.all([meta(tx, 'account'), meta(tx, 'device')]));
  if (account === undefined || device?.enrolled !== true) {
    throw new Problem('device_missing', false, 'expected a phone that is bound to an account');
  }
  return { id: device.id, person: account.id, jwk: device.jwk, sign: (input) => sign(device.key, input) };
}
