/** Taking in what the server said to the batches that were sent (SPEC.md B3 to B7). */

import type { Value } from '../sync/canonical.ts';
import type { Change } from '../sync/change.ts';
import * as record from '../sync/record.ts';
import type { Answer, NotTaken } from './answer.ts';
import type { Device, Name, Refused, Sealed, Unsent, Writing } from './db.ts';
import { meta, setMeta } from './db.ts';
import { newDevice } from './keys.ts';
import { askAgain, namesIn } from './needs.ts';
import { addChange, changesIn, remake, type Reopened, reopen, sameValue, standsAs, untaken } from './outbox.ts';

/** What is to be done about the first batch that was not taken, worked out before the transaction begins. */
type Remedy =
  | { what: 'nothing' | 'later' | 'unenrolled' | 'foreign' }
  | { what: 'rewind'; to: number }
  | { what: 'reopen'; lost: Reopened[]; device: Device; alone: boolean; guilty: Guilty | null };

/** A change for which its batch was refused whole. */
interface Guilty {
  change: Change;
  code: string;
}

interface Taken {
  sealed: Sealed;
  changes: Change[];
  /** By index of the change. */
  refused: ReadonlyMap<number, { code: string; retry: boolean }>;
}

/** What the verdicts come to. */
export interface Plan {
  taken: Taken[];
  remedy: Remedy;
}

/** What was done. `later`: sending again at once would be in vain; `foreign`: somebody else is signed in. */
export interface Outcome {
  names: Name[];
  later: boolean;
  foreign: boolean;
}

/** Work out what follows from an answer to the batches `sent` by `device`. */
export async function plan(answer: Answer, sent: readonly Sealed[], device: Device): Promise<Plan> {
  const taken: Taken[] = [];
  for (const [index, sealed] of sent.entries()) {
    const verdict = answer.verdicts[index];
    if (verdict === undefined || !('refused' in verdict)) {
      return { taken, remedy: await remedyFor(verdict, sealed, device, taken) };
    }
    const refused = new Map(verdict.refused.map(({ index: at, ...reason }) => [at, reason]));
    taken.push({ sealed, changes: await changesIn({ ...sealed, refused: [] }), refused });
  }
  const revoked = answer.entries.some(({ kind, id, state }) => kind === 'device' && id === device.id && ended(state));
  return { taken, remedy: revoked ? await anew(device.seq + 1, taken) : { what: 'nothing' } };
}

async function remedyFor(
  verdict: NotTaken | undefined,
  sealed: Sealed,
  device: Device,
  taken: readonly Taken[],
): Promise<Remedy> {
  switch (verdict?.result) {
    case 'fork':
      return anew(sealed.seq, taken);
    case 'gap':
      return rewound(verdict.expected, sealed, taken);
    case 'invalid':
      if (verdict.code === 'device_revoked') return anew(sealed.seq, taken);
      if (verdict.code === 'device_unknown') return { what: 'unenrolled' };
      if (verdict.code === 'device_foreign') return { what: 'foreign' };
      return verdict.retry ? { what: 'later' } : setApart(sealed, device, verdict.code);
    case undefined:
      return { what: 'later' };
  }
}

/** A new key: what was not acknowledged is made anew under it, and the person will have to enrol it. */
async function anew(seq: number, taken: readonly Taken[]): Promise<Remedy> {
  const lost = await untaken(seq, new Set(taken.map(({ sealed }) => sealed.seq)));
  return { what: 'reopen', lost, device: await newDevice(), alone: false, guilty: null };
}

/** The server lacks earlier batches: it was restored from a backup. They are sent again, if they are still here. */
async function rewound(expected: number, sealed: Sealed, taken: readonly Taken[]): Promise<Remedy> {
  if (expected >= sealed.seq) return { what: 'later' };
  const kept = await untaken(expected, new Set());
  if (kept.some(({ sealed: { seq } }) => seq === expected)) return { what: 'rewind', to: expected };
  return anew(expected, taken);
}

/** A batch was refused whole. Its changes are sent one by one, so that only the guilty one needs attention. */
async function setApart(sealed: Sealed, device: Device, code: string): Promise<Remedy> {
  const [first, ...lost] = await untaken(sealed.seq, new Set());
  const before = { ...device, seq: sealed.seq - 1, prev: sealed.prev };
  const [change, ...others] = first?.changes ?? [];
  if (first === undefined) return { what: 'later' };
  const remedy = { what: 'reopen' as const, device: before, alone: true };
  if (others.length > 0) return { ...remedy, lost: [first, ...lost], guilty: null };
  const guilty = change === undefined ? null : { change, code };
  return { ...remedy, lost: [{ ...first, changes: [] }, ...lost], guilty };
}

/** Store what follows. To be called after the entries of the same answer were taken in. */
export async function carryOut(tx: Writing, { taken, remedy }: Plan, answer: Answer, at: number): Promise<Outcome> {
  const names = taken.flatMap(({ changes }) => changes.map(({ kind, id }): Name => [kind, id]));
  let later = remedy.what === 'later';
  const left = new Set(answer.entries.filter(({ state }) => state === null).map(({ kind, id }) => `${kind} ${id}`));
  for (const each of taken) later = (await settle(tx, each, { epoch: answer.epoch, left, at })) || later;
  if (remedy.what === 'rewind') await sendAgain(tx, remedy.to);
  if (remedy.what === 'unenrolled') await unenrol(tx);
  if (remedy.what === 'reopen') {
    const { lost, device, alone } = remedy;
    names.push(...(await reopen(tx, lost, device, { epoch: answer.epoch, alone })));
    if (remedy.guilty !== null) {
      const { change, code } = remedy.guilty;
      await needAttention(tx, [change], code, at);
      names.push([change.kind, change.id]);
    }
  }
  await dropKept(tx, answer.backedUp);
  await forgetSettled(tx, answer.epoch);
  return { names, later, foreign: remedy.what === 'foreign' };
}

/** Mark every batch from `seq` on as to be sent (again). */
export async function sendAgain(tx: Writing, seq: number): Promise<void> {
  for (const each of await tx.objectStore('batches').getAll(IDBKeyRange.lowerBound(seq))) {
    await tx.objectStore('batches').put({ ...each, state: 'waiting' });
  }
}

/**
 * The server was restored from a backup: all that is kept is unsent again (SPEC.md B7), and shown as that. What it has
 * of the files is asked anew. Returns the records.
 */
export async function bringBack(tx: Writing, kept: readonly Reopened[]): Promise<Name[]> {
  await sendAgain(tx, 0);
  const names: Name[] = [];
  for (const { sealed, changes } of kept) {
    if (sealed.state !== 'kept') continue;
    for (const change of changes) {
      const unsent = { ...change, batch: sealed.seq, alone: false, needs: [] };
      await tx.objectStore('changes').add(unsent as unknown as Unsent); // `number` is the store's to give
      names.push([change.kind, change.id]);
    }
    for (const name of sealed.files ?? []) {
      const file = await tx.objectStore('files').get(name);
      if (file !== undefined) await tx.objectStore('files').put({ ...file, whole: false, sent: 0, failed: null });
    }
  }
  return names;
}

/** Take in that a batch was logged. Returns whether a change of it is to be tried again later. */
async function settle(
  tx: Writing,
  { sealed, changes, refused }: Taken,
  { epoch, left, at }: { epoch: string; left: ReadonlySet<string>; at: number },
): Promise<boolean> {
  const unsent = await tx.objectStore('changes').index('batch').getAllKeys(sealed.seq);
  for (const number of unsent) await tx.objectStore('changes').delete(number);
  const guilty = new Map<string, { code: string; changes: Change[] }>();
  const accepted = unsent.length > 0 ? changes.filter((_, index) => !refused.has(index)) : [];
  for (const each of byRecord(accepted)) await keepBase(tx, each, epoch, left);
  let later = false;
  for (const [index, change] of changes.entries()) {
    const no = refused.get(index);
    if (no === undefined) continue;
    await forgetBrought(tx, change, epoch);
    if (no.retry) {
      if (no.code === 'file_missing') await askAgain(tx, change.value);
      later = (await tryAgain(tx, change, epoch)) || later;
    } else if (!sealed.refused.includes(index)) {
      const group = `${change.kind} ${change.id} ${no.code}`;
      guilty.set(group, { code: no.code, changes: [...(guilty.get(group)?.changes ?? []), change] });
    }
  }
  for (const each of guilty.values()) await needAttention(tx, each.changes, each.code, at);
  const files = await filesIn(tx, accepted);
  await tx.objectStore('batches').put({ ...sealed, state: 'kept', refused: [...refused.keys()], files, at });
  return later;
}

function byRecord(changes: readonly Change[]): Change[][] {
  const groups = new Map<string, Change[]>();
  for (const each of changes) {
    const name = `${each.kind} ${each.id}`;
    groups.set(name, [...(groups.get(name) ?? []), each]);
  }
  return [...groups.values()];
}

/** The server has these changes of one record; so has the base, though the pull that shows them may be on its way. */
async function keepBase(
  tx: Writing,
  changes: readonly Change[],
  epoch: string,
  left: ReadonlySet<string>,
): Promise<void> {
  const [first] = changes;
  if (first === undefined) return;
  const { kind, id } = first;
  const known = await tx.objectStore('base').get([kind, id]);
  // By this very change the record left all of this person's feeds (F4), as when a helper hands a draft back.
  if (known === undefined && left.has(`${kind} ${id}`)) return;
  const base = known ?? { kind, id, state: record.EMPTY, epoch, feeds: [], unpulled: true as const };
  const taken = (state: record.State, change: Change) => record.apply(state, record.cut(state, change)); // R14
  await tx.objectStore('base').put({ ...base, state: changes.reduce(taken, base.state) });
}

/** The files of this phone that changes name: they are kept as long as the batch is (B7). */
async function filesIn(tx: Writing, changes: readonly Change[]): Promise<string[]> {
  const names = [...new Set(changes.flatMap(({ value }) => [...namesIn(value)]))];
  const files = await Promise.all(names.map((name) => tx.objectStore('files').get(name)));
  return files.flatMap((file) => (file === undefined ? [] : [file.sha256]));
}

/** What the server had before it was restored and does not take any more is not shown as if it stood there. */
async function forgetBrought(tx: Writing, { kind, id, replica }: Change, epoch: string): Promise<void> {
  const base = await tx.objectStore('base').get([kind, id]);
  if (base === undefined || base.epoch === epoch) return;
  const own = [...base.state.values()].every(({ heads }) => heads.every((head) => head.replica === replica));
  if (own) await tx.objectStore('base').delete([kind, id]);
}

async function tryAgain(tx: Writing, change: Change, epoch: string): Promise<boolean> {
  const anew = remake(change, await standsAs(tx, [change.kind, change.id], epoch), change.replica);
  if (anew === null) return false;
  await addChange(tx, anew);
  return true;
}

async function unenrol(tx: Writing): Promise<void> {
  const device = await meta(tx, 'device');
  if (device !== undefined) await setMeta(tx, 'device', { ...device, enrolled: false });
}

async function needAttention(tx: Writing, changes: readonly Change[], code: string, at: number): Promise<void> {
  const [first] = changes;
  if (first === undefined) return;
  const values = Object.fromEntries(changes.map(({ key, value }) => [key, value]));
  // `id` is the store's to give.
  await tx.objectStore('attention').add({ kind: first.kind, record: first.id, values, code, at } as Refused);
}

/** What has come about by another way needs nobody's attention, such as an act that had arrived under an old key. */
async function forgetSettled(tx: Writing, epoch: string): Promise<void> {
  for (const { id, kind, record: name, values } of await tx.objectStore('attention').getAll()) {
    const base = await tx.objectStore('base').get([kind, name]);
    if (base?.epoch !== epoch) continue;
    const shown = record.shown(base.state);
    const isThere = ([key, value]: [string, Value]) => sameValue(shown[key] ?? null, value);
    if (Object.entries(values).every(isThere)) await tx.objectStore('attention').delete(id);
  }
}

/** Batches that a backup of the server holds are not needed here any more (B7). */
async function dropKept(tx: Writing, backedUp: number): Promise<void> {
  for (const { seq, state } of await tx.objectStore('batches').getAll(IDBKeyRange.upperBound(backedUp))) {
    if (state === 'kept') await tx.objectStore('batches').delete(seq);
  }
}

function ended(state: object | null): boolean {
  return state !== null && record.shown(record.fromJson(state)).revoked_at !== undefined;
}
