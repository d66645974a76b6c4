/** Opening the vault when a page begins, and giving it another key. Loaded only where there is something personal. */

import { keptByBrowser, newKey, unwrap } from './cipher.ts';
import type { StoredVault } from './vault.ts';
import { hold, type Key, key, shutUp } from './vault.ts';
import { type Meta, writingRaw } from './db.ts';
import { closed, opened, SEALED_STORES } from './sealed.ts';
import { keyOfAnotherTab } from './tabkey.ts';

/** Get ready for what is stored: take its key in hand, learn that it is locked, or make the vault there has to be. */
export async function openVault(needed: boolean, stored: StoredVault | undefined): Promise<void> {
  if (!needed) hold(null);
  else if (stored === undefined) await makeVault();
  else if (stored.by.way === 'browser') hold(await unwrap(stored, stored.by.key));
  else {
    const given = await keyOfAnotherTab(stored.id);
    if (given === null) shutUp(stored.id);
    else hold(given);
  }
}

/** Make the vault, and seal in it what stood here plainly before there was one. */
async function makeVault(): Promise<void> {
  const fresh = newKey();
  const stored = await keptByBrowser(fresh);
  await writingRaw(async (tx) => {
    // Another tab may have been quicker.
    if ((await tx.objectStore('meta').get('vault')) !== undefined) return;
    await reseal(tx, null, fresh);
    await tx.objectStore('meta').put(stored, 'vault');
  });
}

/** Give the vault another key, which is stored as `stored` says; all is sealed anew, in one transaction. */
export async function changeKey(fresh: Key, stored: StoredVault): Promise<void> {
  const before = key();
  await writingRaw(async (tx) => {
    const found = (await tx.objectStore('meta').get('vault')) as Meta['vault'] | undefined;
    if (found?.id !== before.id) throw new Error('expected the vault to have the key that this page has');
    await reseal(tx, before, fresh);
    await tx.objectStore('meta').put(stored, 'vault');
  });
  hold(fresh);
}

type RawWriting = Parameters<Parameters<typeof writingRaw>[0]>[0];

async function reseal(tx: RawWriting, from: Key | null, to: Key): Promise<void> {
  for (const name of SEALED_STORES as ('base' | 'changes' | 'batches' | 'attention' | 'files')[]) {
    const store = tx.objectStore(name);
    for (const row of (await store.getAll()) as object[]) {
      const plain = opened(name, { ...row }, () => from ?? refuse());
      await store.put(closed(name, plain, () => to) as never);
    }
  }
}

function refuse(): never {
  throw new Error('expected nothing sealed where there is no vault');
}
