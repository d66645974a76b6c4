/**
 * What is personal is sealed (AES-256-GCM) before it is stored, so that the browser's files do not tell it.
 *
 * The key that seals is stored wrapped: by a key of this browser that no script can read, or, when the person turned
 * the lock on, by one that only their passkey gives (`lock.ts`). Then all that is personal stays shut until then.
 */

import { type ReadonlySignal, signal } from '@preact/signals';

import type { Bytes } from '../sync/canonical.ts';
import { Problem } from './problem.ts';

/** How the sealing key is stored. `id` names the key; `wrapped` is the nonce (12 bytes) and the wrapped key. */
export interface StoredVault {
  id: string;
  wrapped: Bytes;
  by: { way: 'browser'; key: CryptoKey } | { way: 'passkey'; credential: string; salt: Bytes };
}

/** The key in hand. `about` is what a sealed text belongs to: it opens nowhere else. */
export interface Key {
  id: string;
  raw: Bytes;
  seal: (text: string, about: string) => Bytes;
  open: (sealed: Bytes, about: string) => string;
}

/** Kinds that are everyone's, or this phone's own, or the long lists of a gate and its office, which must be quick. */
const OPEN: ReadonlySet<string> = new Set([
  ...['form', 'unit', 'trust', 'place', 'statuslist'],
  ...['person', 'device', 'passkey', 'registration'],
  ...['meeting', 'invitation', 'invitation_order', 'invitation_code', 'mail', 'checkin'],
]);

const shut = signal(false);
let held: Key | null = null;
/** The id of the vault that is known to be locked. */
let lockedId: string | null = null;

/** What is personal can't be read or written until the person unlocks it. */
export const locked: ReadonlySignal<boolean> = shut;

export function isPersonal(kind: string): boolean {
  return !OPEN.has(kind);
}

/** Whether records of this kind are shut away now. */
export function isShut(kind: string): boolean {
  return shut.peek() && isPersonal(kind);
}

/** The key, for whoever stores what is personal. Throws `vault_locked` without one. */
export function key(): Key {
  if (held === null) throw new Problem('vault_locked', false, 'expected the vault to be unlocked');
  return held;
}

/** The key when there is one in hand. */
export function heldKey(): Key | null {
  return held;
}

/** The id of the vault that is known to be locked, else null. */
export function lockedVault(): string | null {
  return lockedId;
}

/** Whether this page has done for the stored vault what it can: has its key in hand, or knows that it is locked. */
export function isReadyFor(stored: StoredVault | undefined): boolean {
  return (held?.id ?? lockedId) === (stored?.id ?? null);
}

/** Take the key in hand; null where nothing is sealed. */
export function hold(key: Key | null): void {
  held = key;
  lockedId = null;
  shut.value = false;
}

/** Only the person can open this vault now. */
export function shutUp(id: string): void {
  held = null;
  lockedId = id;
  shut.value = true;
}
