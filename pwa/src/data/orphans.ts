/** Clearing away the files of this phone that nothing names any more. */

import type { Value } from '../sync/canonical.ts';
import { shown } from '../sync/record.ts';
import { now } from './clock.ts';
import { type Reading, writing } from './db.ts';
import { namesIn } from './needs.ts';
import { look } from './outbox.ts';
import { tell } from './tabs.ts';
import { locked } from './vault.ts';

/** Between keeping a file and naming it in an answer, and for looking at one that was fetched, in ms. */
const GRACE = 3_600_000;

/**
 * Drop the files that no unsent change, nothing that needs attention and no open draft names. Returns how many went.
 * While what is personal is locked nobody can say what is named, and nothing goes.
 */
export async function dropOrphans(): Promise<number> {
  const gone = await writing(async (tx) => {
    if (locked.peek()) return [];
    const named = await namedFiles(tx);
    const old = (await tx.objectStore('files').getAll()).filter(({ at }) => at < now() - GRACE);
    const orphans = old.map(({ sha256 }) => sha256).filter((name) => !named.has(name));
    for (const name of orphans) {
      await tx.objectStore('files').delete(name);
      await tx.objectStore('chunks').delete(IDBKeyRange.bound([name, 0], [name, Infinity]));
    }
    return orphans;
  });
  if (gone.length > 0) await tell({ records: [], account: false });
  return gone.length;
}

async function namedFiles(tx: Reading): Promise<Set<string>> {
  const values: Value[] = [];
  const unsent = await tx.objectStore('changes').getAll();
  values.push(...unsent.map(({ value }) => value));
  values.push(...(await tx.objectStore('attention').getAll()).map((each) => each.values));
  const drafts = await tx.objectStore('base').getAll(IDBKeyRange.bound(['draft'], ['draft', []]));
  for (const { kind, id } of drafts) {
    const draft = shown((await look(tx, [kind, id])).state);
    // What was sent, or thrown away, is not filled in any more; the server has its files.
    if (draft.submission === undefined && draft.removed !== true) values.push(draft);
  }
  return namesIn(values);
}
