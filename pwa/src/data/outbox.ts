/** What waits to be sent: changes, sealed into signed batches before anything leaves the phone (SPEC.md B1, B6). */

import * as batches from '../sync/batch.ts';
import { type Bytes, nfc, stringify, type Value } from '../sync/canonical.ts';
import type { Change } from '../sync/change.ts';
import * as record from '../sync/record.ts';
import type { Base, Device, Name, Reading, Sealed, Unsent, Writing } from './db.ts';
import { meta, reading, setMeta, writing } from './db.ts';
import { sign } from './keys.ts';
import { free, neededBy } from './needs.ts';
import { Problem } from './problem.ts';
import { locked } from './vault.ts';

export const UNSEALED = 0;

/** What one record is: as the server has it, and with this phone's unsent changes (SPEC.md F7). */
export interface Look {
  base: Base | undefined;
  unsent: Unsent[];
  state: record.State;
}

export async function look(tx: Reading, [kind, id]: Name): Promise<Look> {
  const [base, unsent] = await Promise.all([
    tx.objectStore('base').get([kind, id]),
    tx.objectStore('changes').index('record').getAll([kind, id]),
  ]);
  return { base, unsent, state: shownState(base, unsent) };
}

export function shownState(base: Base | undefined, unsent: readonly Change[]): record.State {
  return unsent.reduce(record.apply, base?.state ?? record.EMPTY);
}

/**
 * Write values into a record, as one who sees what is shown.
 *
 * A change of the same register that is not sealed yet is replaced: nobody has seen it. A value that is shown already,
 * with no other beside it, is not written again, unless it is among `again`: who says a thing once more, says so to
 * whoever takes it away meanwhile. `needs` are files without which it may not go, besides its own.
 */
export async function put(
  tx: Writing,
  name: Name,
  values: Record<string, Value>,
  at: number,
  { needs = [], again = [] }: { needs?: readonly string[]; again?: readonly string[] } = {},
): Promise<void> {
  const device = await meta(tx, 'device');
  if (device === undefined) throw new Problem('device_missing', false, 'expected a device key on this phone');
  const [kind, id] = name;
  const { base, unsent, state: before } = await look(tx, name);
  const open = unsent.filter(({ batch }) => batch === UNSEALED);
  const said = (key: string, value: Value) => open.some((each) => each.key === key && sameValue(each.value, value));
  const stays = (key: string, value: Value) =>
    isSettled(before, key, value) && (!again.includes(key) || said(key, value));
  const wanted = Object.entries(values).filter(([key, value]) => !stays(key, value));
  const keys = new Set(wanted.map(([key]) => key));
  const replaced = unsent.filter(({ key, batch }) => batch === UNSEALED && keys.has(key));
  for (const { number } of replaced) await tx.objectStore('changes').delete(number);
  const remaining = unsent.filter((each) => !replaced.includes(each));
  let state = replaced.length === 0 ? before : shownState(base, remaining);
  for (const [key, value] of wanted) {
    const change = record.write(state, { kind, id, key, replica: device.id, value, at });
    state = record.admit(state, change); // what the server would refuse is refused here and now
    await addChange(tx, change, { needs });
  }
}

/** Store a change that is not sealed; it will wait for the files that it names, and for those in `needs`. */
export async function addChange(
  tx: Writing,
  change: Change,
  { alone = false, needs = [] }: { alone?: boolean; needs?: readonly string[] } = {},
): Promise<void> {
  const all = [...new Set([...needs, ...(await neededBy(tx, change.value))])];
  // `number` is the store's to give.
  await tx.objectStore('changes').add({ ...change, batch: UNSEALED, alone, needs: all } as unknown as Unsent);
}

/** The changes that could be sealed now. */
export async function sealable(tx: Reading): Promise<Unsent[]> {
  return free(tx, await tx.objectStore('changes').index('batch').getAll(UNSEALED));
}

/** Whether `key` shows this value and nothing else. */
export function isSettled(state: record.State, key: string, value: Value): boolean {
  const heads = state.get(key)?.heads ?? [];
  if (heads.length !== 1) return heads.length === 0 && value === null;
  return sameValue(heads[0]?.value ?? null, value);
}

export function sameValue(a: Value, b: Value): boolean {
  return stringify(nfc(a)) === stringify(nfc(b));
}

/**
 * Seal what is not sealed, batch after batch: the signed bytes are stored before anybody may send them (B6).
 *
 * Only for whoever is `alone`. A change that is replaced while its batch is being signed makes this sign again.
 */
export async function seal(now: () => number): Promise<void> {
  while (await sealOne(now())) {
    // there may be more than one batch holds
  }
}

async function sealOne(at: number): Promise<boolean> {
  const { device, open } = await reading(async (tx) => ({
    device: await meta(tx, 'device'),
    open: await sealable(tx),
  }));
  if (device === undefined || !device.enrolled || open.length === 0 || locked.peek()) return false;
  const changes = open.slice(0, open[0]?.alone === true ? 1 : batches.fitting(open));
  const draft = { device: device.id, seq: device.seq + 1, prev: device.prev, at, changes };
  const jws = await batches.build(draft, (input: Bytes) => sign(device.key, input));
  const hash = await batches.hashOf(jws);
  return writing(async (tx) => {
    const now = await meta(tx, 'device');
    if (now?.id !== device.id || now.seq !== device.seq) return true;
    for (const { number } of changes) {
      const change = await tx.objectStore('changes').get(number);
      if (change?.batch !== UNSEALED) return true;
    }
    for (const change of changes) await tx.objectStore('changes').put({ ...change, batch: draft.seq });
    const sealed: Sealed = { seq: draft.seq, prev: draft.prev, hash, jws, state: 'waiting', refused: [] };
    await tx.objectStore('batches').add(sealed);
    await setMeta(tx, 'device', { ...now, seq: draft.seq, prev: hash });
    return true;
  });
}

/** What a record is on the server, so far as is known under this epoch, with this phone's unsent changes. */
export async function standsAs(tx: Reading, name: Name, epoch: string | null): Promise<record.State> {
  const { base, unsent } = await look(tx, name);
  return shownState(base?.epoch === epoch ? base : undefined, unsent);
}

/** A batch that can't stay in its chain, with the changes that stand in it. */
export interface Reopened {
  sealed: Sealed;
  changes: readonly Change[];
}

/** Read the batches from `seq` on and all that still wait, besides those in `taken`, to be given to `reopen`. */
export async function untaken(seq: number, taken: ReadonlySet<number>): Promise<Reopened[]> {
  const all = await reading((tx) => tx.objectStore('batches').getAll());
  const found = all.filter((each) => !taken.has(each.seq) && (each.seq >= seq || each.state === 'waiting'));
  return Promise.all(found.map(async (sealed) => ({ sealed, changes: await changesIn(sealed) })));
}

/** The changes of a batch that were not given back to the person before. */
export async function changesIn({ jws, refused }: Sealed): Promise<Change[]> {
  return (await batches.parse(jws)).changes.filter((_, index) => !refused.includes(index));
}

/**
 * Take batches out of their chain again: their changes, and all unsealed ones, are made anew by `device`.
 *
 * Values stay as they are, and so does what each writer had seen of others; stamps are made against the base. What
 * the base has already is not made again. `alone` has each change sealed for itself.
 */
export async function reopen(
  tx: Writing,
  lost: readonly Reopened[],
  device: Device,
  { epoch, alone = false }: { epoch: string; alone?: boolean },
): Promise<Name[]> {
  const unsealed = await tx.objectStore('changes').index('batch').getAll(UNSEALED);
  const changes = [...lost.flatMap(({ changes }) => changes), ...unsealed];
  const all = await tx.objectStore('changes').getAll();
  const seqs = new Set([UNSEALED, ...lost.map(({ sealed }) => sealed.seq)]);
  for (const { number, batch } of all) if (seqs.has(batch)) await tx.objectStore('changes').delete(number);
  for (const { sealed } of lost) await tx.objectStore('batches').delete(sealed.seq);
  // A closed chain takes no batch any more, not even one that was lost with the server's disk.
  if ((await meta(tx, 'device'))?.id !== device.id) await tx.objectStore('batches').clear();
  await setMeta(tx, 'device', device);
  for (const change of lastOfEach(changes)) {
    const anew = remake(change, await standsAs(tx, [change.kind, change.id], epoch), device.id);
    if (anew !== null) await addChange(tx, anew, { alone });
  }
  return changes.map(({ kind, id }): Name => [kind, id]);
}

/** Make a change anew on top of `state`, or return null when `state` has it already. */
export function remake(change: Change, state: record.State, replica: string): Change | null {
  const seen = state.get(change.key)?.context ?? new Map<string, number>();
  if ((seen.get(change.replica) ?? 0) >= change.n) return null;
  // It keeps what its writer had seen, so far as others can know of it (R13): another's head that the person never
  // saw must stay beside it.
  const context = new Map(record.cut(state, { ...change, replica }).context);
  context.delete(replica);
  const own = seen.get(replica);
  if (own !== undefined) context.set(replica, own);
  // What the server has of a record is not always known yet; it has no later stamp of this phone than this one.
  return { ...change, replica, n: Math.max(record.greatest(state) + 1, change.n), context };
}

/** The last change of each register; it covers the earlier ones, which nobody else has seen. */
function lastOfEach(changes: readonly Change[]): Change[] {
  const last = new Map<string, Change>();
  for (const change of changes) {
    const name = `${change.kind} ${change.id} ${change.key}`;
    last.delete(name);
    last.set(name, change);
  }
  return [...last.values()];
}
