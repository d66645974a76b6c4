/** Keys of the vault, and sealing with them. Loaded only where there is something personal. */

import { gcm } from '@noble/ciphers/aes.js';

import { base64url } from '../sync/batch.ts';
import type { Bytes } from '../sync/canonical.ts';
import type { Key, StoredVault } from './vault.ts';

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const AES = 'AES-GCM';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

/** Make a new sealing key. */
export function newKey(): Key {
  return keyFrom(base64url(random(9)), random(KEY_BYTES));
}

/** The key of these bytes; `id` is its name. */
export function keyFrom(id: string, raw: Bytes): Key {
  return {
    id,
    raw,
    // Without promises: a transaction of IndexedDB ends as soon as it waits for anything but itself.
    seal(text, about) {
      const nonce = random(NONCE_BYTES);
      return joined(nonce, gcm(raw, nonce, encoder.encode(about)).encrypt(encoder.encode(text)));
    },
    open(sealed, about) {
      const nonce = sealed.subarray(0, NONCE_BYTES);
      return decoder.decode(gcm(raw, nonce, encoder.encode(about)).decrypt(sealed.subarray(NONCE_BYTES)));
    },
  };
}

/** Have this browser keep a key: wrapped by another that can be used here and never be read. */
export async function keptByBrowser(key: Key): Promise<StoredVault> {
  const own = await crypto.subtle.generateKey({ name: AES, length: 256 }, false, ['encrypt', 'decrypt']);
  return { id: key.id, wrapped: await wrap(key, own), by: { way: 'browser', key: own } };
}

/** Wrap a sealing key by another one. */
export async function wrap({ id, raw }: Key, by: CryptoKey): Promise<Bytes> {
  const iv = random(NONCE_BYTES);
  const body = await crypto.subtle.encrypt({ name: AES, iv, additionalData: encoder.encode(id) }, by, raw);
  return joined(iv, new Uint8Array(body));
}

/** Take a sealing key out of its wrapping. Another key than the one that wrapped it makes this fail. */
export async function unwrap({ id, wrapped }: StoredVault, by: CryptoKey): Promise<Key> {
  const iv = wrapped.subarray(0, NONCE_BYTES);
  const params = { name: AES, iv, additionalData: encoder.encode(id) };
  const raw = await crypto.subtle.decrypt(params, by, wrapped.subarray(NONCE_BYTES));
  return keyFrom(id, new Uint8Array(raw));
}

function random(length: number): Bytes {
  return crypto.getRandomValues(new Uint8Array(length));
}

function joined(a: Uint8Array, b: Uint8Array): Bytes {
  const whole = new Uint8Array(a.length + b.length);
  whole.set(a);
  whole.set(b, a.length);
  return whole;
}
