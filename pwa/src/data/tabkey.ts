/** Tabs of one person give each other the vault's key, so that a second tab need not be unlocked too. */

import type { Bytes } from '../sync/canonical.ts';
import { keyFrom } from './cipher.ts';
import { heldKey, hold, type Key, lockedVault } from './vault.ts';

type Message = { asks: string } | { id: string; raw: Bytes };

/** A tab that has it answers at once, but both may be busy. */
const PATIENCE = 400;
/** The worker outlives the tabs: if it had the key, closing the app would lock nothing. */
const isTab = !('ServiceWorkerGlobalScope' in globalThis);
const channel = new BroadcastChannel('motcua-vault');
const waiting = new Map<string, (key: Key) => void>();

channel.onmessage = ({ data }: MessageEvent<Message>) => {
  if (!isTab) return;
  if ('raw' in data) {
    const given = keyFrom(data.id, data.raw);
    const asked = waiting.get(data.id);
    if (asked !== undefined) asked(given);
    else if (lockedVault() === data.id) hold(given);
  } else {
    const own = heldKey();
    if (own?.id === data.asks) channel.postMessage({ id: own.id, raw: own.raw } satisfies Message);
  }
};

/** Give all tabs the key of the vault that was just unlocked. */
export function giveKey({ id, raw }: Key): void {
  channel.postMessage({ id, raw } satisfies Message);
}

/** Ask the other tabs for a key; null when none has it. */
export async function keyOfAnotherTab(id: string): Promise<Key | null> {
  if (!isTab) return null;
  const answer = new Promise<Key | null>((resolve) => {
    waiting.set(id, resolve);
    setTimeout(() => resolve(null), PATIENCE);
  });
  channel.postMessage({ asks: id } satisfies Message);
  return answer.finally(() => waiting.delete(id));
}
