/** Where the parts of a gate pack go, and how they go away again. Each function is part of one transaction. */

import type { Base, Gate, Name, Reading, Writing } from './db.ts';
import { meta, setMeta, standing } from './db.ts';
import { dropGateCursors, GATES, isGateFeed } from './gate.ts';
import type { Parcel } from './parcel.ts';
import { leave, takeEntry } from './pull.ts';

/** How far back check-ins are kept, in ms. */
const RECENT = 36 * 3_600_000;
/** A guard's shift begins with a whole pack. */
const OLD = 12 * 3_600_000;

/** Store a pack in place of the one before. Returns the records that may look different. */
export async function store(
  tx: Writing,
  { gate, parcel, bytes }: { gate: Pick<Gate, 'unit' | 'place' | 'bit' | 'name'>; parcel: Parcel; bytes: number },
): Promise<Name[]> {
  const { epoch, time, unit, cursors, records, guards, columns, meeting, undone } = parcel;
  const own = feedOfUnit(unit);
  const brought = new Set(records.map(({ kind, id }) => `${kind}/${id}`));
  const left = await leaveGates(tx, ({ kind, id }, feed) => {
    if (kind === 'checkin') return feed === own && timeOf(id) > time - RECENT;
    return (feed === own || feed === GATES) && brought.has(`${kind}/${id}`);
  });
  for (const each of records) await takeEntry(tx, { ...each, feed: feedOf(each, own) }, epoch);
  await dropGateCursors(tx);
  for (const [feed, seq] of Object.entries(cursors)) await tx.objectStore('cursors').put({ feed, seq });
  await tx.objectStore('seen').clear();
  await tx.objectStore('seen').put({ unit, columns, meeting, undone });
  const { place, bit, name } = gate;
  await setMeta(tx, 'gate', { unit, place, bit, name, epoch, fetchedAt: time, bytes, checkins: columns.n, guards });
  return [...left, ...records.map(({ kind, id }): Name => [kind, id])];
}

/** Forget the pack and whose gate it was for. Returns the records that are gone. */
export async function forget(tx: Writing): Promise<Name[]> {
  await tx.objectStore('meta').delete('gate');
  await tx.objectStore('seen').clear();
  await tx.objectStore('heard').clear();
  await dropGateCursors(tx);
  return leaveGates(tx, () => false);
}

/** Whether the feeds of the pack can't be followed from here, or it is from another day: `at` is the time now. */
export async function isLost(tx: Reading, at: number): Promise<boolean> {
  const gate = await meta(tx, 'gate');
  if (gate === undefined) return false;
  const { epoch } = await standing(tx);
  const feeds = await tx.objectStore('cursors').getAllKeys();
  const followed = feeds.includes(feedOfUnit(gate.unit)) && feeds.includes(GATES);
  return !followed || (epoch !== null && epoch !== gate.epoch) || at - gate.fetchedAt > OLD;
}

/** Take records out of the gates' feeds, besides those that stay. */
async function leaveGates(tx: Writing, stays: (base: Base, feed: string) => boolean): Promise<Name[]> {
  const names: Name[] = [];
  for (const base of await tx.objectStore('base').getAll()) {
    let still: Base | null = base;
    for (const feed of base.feeds) {
      if (still === null || !isGateFeed(feed) || stays(base, feed)) continue;
      still = await leave(tx, still, feed);
      names.push([base.kind, base.id]);
    }
  }
  return names;
}

function feedOfUnit(unit: string): string {
  return `gate/${unit}`;
}

/** In which feed a record of the pack would have come. */
function feedOf({ kind, id }: { kind: string; id: string }, own: string): string {
  if (kind === 'trust' || kind === 'place') return 'public';
  return kind === 'statuslist' && !id.startsWith('invitation_') ? GATES : own;
}

/** The time in a UUIDv7, in ms. */
function timeOf(id: string): number {
  return Number.parseInt(id.replace('-', '').slice(0, 12), 16);
}
