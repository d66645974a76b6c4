/** Letting go of what a phone has sent and nobody on it may read again: what was written about somebody else. */

import { type Name, writing } from './db.ts';
import { tell } from './tabs.ts';

/** Take those records of a kind off this phone that the server has and that stand in none of its feeds. */
export async function forgetSent(kind: string): Promise<void> {
  const names = await writing(async (tx) => {
    const bases = await tx.objectStore('base').getAll(IDBKeyRange.bound([kind], [kind, []]));
    const gone: Name[] = [];
    for (const { id, feeds } of bases) {
      if (feeds.length > 0 || (await tx.objectStore('changes').index('record').count([kind, id])) > 0) continue;
      await tx.objectStore('base').delete([kind, id]);
      gone.push([kind, id]);
    }
    return gone;
  });
  if (names.length > 0) await tell({ records: names, account: false });
}
