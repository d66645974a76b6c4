/**
 * The lock of what is personal: its key is stored so that only the person's passkey opens it.
 *
 * A passkey that can (WebAuthn's PRF extension) gives the same secret each time it is used, after a fingerprint, a face
 * or the phone's code. From that comes the key which wraps the vault's; neither is ever stored or sent.
 */

import type { Bytes } from '../sync/canonical.ts';
import { keptByBrowser, newKey, unwrap, wrap } from './cipher.ts';
import { meta, reading, vaultDoor } from './db.ts';
import { secretOf } from './passkeys.ts';
import { Problem } from './problem.ts';
import { giveKey } from './tabkey.ts';
import { hold, key, locked } from './vault.ts';

const SALT_BYTES = 32;
const INFO = new TextEncoder().encode('motcua/vault/v1');

/** Whether the person has turned the lock on. */
export async function lockIsOn(): Promise<boolean> {
  return (await reading((tx) => meta(tx, 'vault')))?.by.way === 'passkey';
}

/** Whether this browser says that it can; null when it says nothing, so that trying is the only way to know. */
export async function canLock(): Promise<boolean | null> {
  const asked = globalThis.PublicKeyCredential as { getClientCapabilities?: () => Promise<Record<string, boolean>> };
  return (await asked.getClientCapabilities?.())?.['extension:prf'] ?? null;
}

/**
 * Turn the lock on, with the passkey that was last used here. All is sealed anew, by a key that never stood here in
 * another way. Throws `prf_unsupported` when that passkey can't, and what asking for a passkey throws.
 */
export async function turnLockOn(): Promise<void> {
  const credential = (await reading((tx) => meta(tx, 'account')))?.credential;
  if (credential === undefined) throw new Problem('signed_out', false, 'expected an account on this phone');
  const salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES));
  const secret = await secretOf(credential, salt);
  if (secret === null) throw new Problem('prf_unsupported', false, 'expected a passkey that gives a secret');
  const by = await wrapperOf(secret, salt);
  const fresh = newKey();
  const stored = { id: fresh.id, wrapped: await wrap(fresh, by), by: { way: 'passkey' as const, credential, salt } };
  await (await vaultDoor()).changeKey(fresh, stored);
  giveKey(key());
}

/** Have the browser keep the key again. Only for whoever has unlocked it. */
export async function turnLockOff(): Promise<void> {
  key();
  const fresh = newKey();
  await (await vaultDoor()).changeKey(fresh, await keptByBrowser(fresh));
}

/** Open what is locked, here and in all tabs. Throws `vault_passkey`, and what asking for a passkey throws. */
export async function unlock(): Promise<void> {
  const stored = await reading((tx) => meta(tx, 'vault'));
  if (stored?.by.way !== 'passkey' || !locked.peek()) return;
  const { credential, salt } = stored.by;
  const secret = await secretOf(credential, salt);
  const opened = secret === null ? null : await unwrap(stored, await wrapperOf(secret, salt)).catch(() => null);
  if (opened === null) throw new Problem('vault_passkey', false, 'expected the passkey that locked this');
  hold(opened);
  giveKey(opened);
}

/** Return the key that a passkey's secret makes (HKDF, RFC 5869). */
async function wrapperOf(secret: Bytes, salt: Bytes): Promise<CryptoKey> {
  const base = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey']);
  const params = { name: 'HKDF', hash: 'SHA-256', salt, info: INFO };
  return crypto.subtle.deriveKey(params, base, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
}
