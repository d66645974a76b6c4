/** Taking in what was pulled: whole states of records, joined into the base (SPEC.md F1 to F6). */

import * as record from '../sync/record.ts';
import type { Answer, Entry } from './answer.ts';
import type { Account, Base, Name, Role, Writing } from './db.ts';
import { meta, setMeta } from './db.ts';

const PUBLIC = 'public';

/** Store the entries of an answer and where the feeds are then. Returns the records that may look different. */
export async function takeEntries(tx: Writing, answer: Answer): Promise<Name[]> {
  const account = await meta(tx, 'account');
  // Without an account nothing but the public feed is anybody's business here, whatever a left-over session may read.
  const mayKeep = (feed: string) => account !== undefined || feed === PUBLIC;
  const entries = answer.entries.filter(({ feed }) => mayKeep(feed));
  for (const entry of entries) await takeEntry(tx, entry, answer.epoch);
  const left = await leaveFeeds(tx, new Set(Object.keys(answer.cursors)));
  for (const [feed, seq] of Object.entries(answer.cursors)) {
    if (mayKeep(feed)) await tx.objectStore('cursors').put({ feed, seq });
  }
  return [...entries.map(({ kind, id }): Name => [kind, id]), ...left];
}

/** Join one entry into the base, or take it out of its feed. */
export async function takeEntry(tx: Writing, { feed, kind, id, state }: Entry, epoch: string): Promise<void> {
  const known = await tx.objectStore('base').get([kind, id]);
  if (state === null) {
    if (known !== undefined) await leave(tx, known, feed);
    return;
  }
  const pulled = record.fromJson(state);
  const isOf = known?.epoch === epoch;
  const feeds = isOf ? [...new Set([...known.feeds, feed])] : [feed];
  // A server that was restored from a backup says what it has now, which may have the stamps of what it had before.
  const joined = isOf && known.unpulled === undefined ? record.join(known.state, pulled) : pulled;
  await tx.objectStore('base').put({ kind, id, state: joined, epoch, feeds });
  await takeOwn(tx, kind, id, record.shown(pulled));
}

/** A feed that the answer does not name may not be read any more: a role has ended. */
async function leaveFeeds(tx: Writing, readable: ReadonlySet<string>): Promise<Name[]> {
  const followed = await tx.objectStore('cursors').getAllKeys();
  const left = followed.filter((feed) => !readable.has(feed));
  if (left.length === 0) return [];
  const names: Name[] = [];
  for (const base of await tx.objectStore('base').getAll()) {
    if (!base.feeds.some((feed) => left.includes(feed))) continue;
    names.push([base.kind, base.id]);
    let still: Base | null = base;
    for (const feed of left) if (still !== null) still = await leave(tx, still, feed);
  }
  for (const feed of left) await tx.objectStore('cursors').delete(feed);
  return names;
}

/** Take a record out of a feed, and away when it stands in no other (F4). */
export async function leave(tx: Writing, base: Base, feed: string): Promise<Base | null> {
  const feeds = base.feeds.filter((each) => each !== feed);
  if (feeds.length === 0) {
    await tx.objectStore('base').delete([base.kind, base.id]);
    return null;
  }
  const left = { ...base, feeds };
  await tx.objectStore('base').put(left);
  return left;
}

/** Learn from the records of this person and this phone what they are now. */
async function takeOwn(tx: Writing, kind: string, id: string, values: ReturnType<typeof record.shown>): Promise<void> {
  if (kind === 'person') {
    const account = await meta(tx, 'account');
    if (account?.id !== id) return;
    await setMeta(tx, 'account', { ...account, ...profile(values) });
  } else if (kind === 'device') {
    const device = await meta(tx, 'device');
    // The answer to its enrolment may have been lost.
    if (device?.id === id && values.revoked_at === undefined) {
      await setMeta(tx, 'device', { ...device, enrolled: true });
    }
  }
}

function profile({ name, role, unit }: ReturnType<typeof record.shown>): Partial<Account> {
  return {
    ...(typeof name === 'string' && { name }),
    ...(typeof role === 'string' && { role: role as Role }),
    unit: typeof unit === 'string' ? unit : null,
  };
}

/** Forget every record that is not everyone's, and the feeds they came from. */
export async function forgetPersonal(tx: Writing): Promise<void> {
  for (const base of await tx.objectStore('base').getAll()) {
    if (!base.feeds.includes(PUBLIC)) await tx.objectStore('base').delete([base.kind, base.id]);
    else await tx.objectStore('base').put({ ...base, feeds: [PUBLIC] });
  }
  for (const feed of await tx.objectStore('cursors').getAllKeys()) {
    if (feed !== PUBLIC) await tx.objectStore('cursors').delete(feed);
  }
}
