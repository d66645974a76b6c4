/** Clearing away the files and batches of this phone that nothing needs any more. */

import type { Value } from '../sync/canonical.ts';
import { shown } from '../sync/record.ts';
import { now } from './clock.ts';
import { type Reading, type StoredFile, writing, type Writing } from './db.ts';
import { namesIn } from './needs.ts';
import { look } from './outbox.ts';
import { tell } from './tabs.ts';
import { locked } from './vault.ts';

/** Between keeping a file and naming it in an answer, and for looking at one that was fetched, in ms. */
const GRACE = 3_600_000;
/** How long what was acknowledged is kept for a server that never says that it is backed up, in ms (SPEC.md B10). */
const KEPT = 30 * 86_400_000;
/** So many bytes of files are kept for that at most. */
const MOST = 256 * 1024 * 1024;

/**
 * Drop the files that no unsent change, nothing that needs attention, no open draft and no kept batch names. Returns
 * how many went. While what is personal is locked nobody can say what is named, and nothing goes.
 */
export async function dropOrphans(): Promise<number> {
  return dropFiles(MOST);
}

/** Drop all files that are kept only in case the server loses them (B10): there is no room for new work. */
export async function makeRoom(): Promise<number> {
  return dropFiles(0);
}

async function dropFiles(most: number): Promise<number> {
  const gone = await writing(async (tx) => {
    if (locked.peek()) return [];
    const kept = await keptFiles(tx);
    const named = await namedFiles(tx);
    const files = (await tx.objectStore('files').getAll()).filter(({ sha256 }) => !named.has(sha256));
    const orphans = files.filter(({ sha256, at }) => !kept.has(sha256) && at < now() - GRACE);
    const spare = files.filter(({ sha256, whole }) => kept.has(sha256) && whole).sort((a, b) => a.at - b.at);
    let size = spare.reduce((sum, { len }) => sum + len, 0);
    const past: StoredFile[] = [];
    for (const file of spare) {
      if (size <= most) break;
      past.push(file);
      size -= file.len;
    }
    for (const { sha256 } of [...orphans, ...past]) {
      await tx.objectStore('files').delete(sha256);
      await tx.objectStore('chunks').delete(IDBKeyRange.bound([sha256, 0], [sha256, Infinity]));
    }
    return [...orphans, ...past];
  });
  if (gone.length > 0) await tell({ records: [], account: false });
  return gone.length;
}

/** The files that batches name which no backup has, as far as is known; batches that are too old for that go. */
async function keptFiles(tx: Writing): Promise<Set<string>> {
  const files = new Set<string>();
  for (const each of await tx.objectStore('batches').getAll()) {
    if (each.state === 'kept' && each.at !== undefined && each.at < now() - KEPT) {
      await tx.objectStore('batches').delete(each.seq);
    } else {
      for (const name of each.files ?? []) files.add(name);
      // What an older version of the app has kept grows old from now on.
      if (each.state === 'kept' && each.at === undefined) await tx.objectStore('batches').put({ ...each, at: now() });
    }
  }
  return files;
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
