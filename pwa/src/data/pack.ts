/**
 * The gate pack: all that a guard's phone needs to decide without a network, fetched in one go.
 *
 * After it the phone follows `gate/<unit>` and `gates` by `/sync`, so that a whole pack is fetched again only now and
 * then. Only the guard's screens load this module; opening the pack, which is verifying it, is theirs too.
 */

import { batch, computed, type ReadonlySignal, signal } from '@preact/signals';

import { hex } from '../codes/base.ts';
import { type CheckIn, fromColumns } from '../codes/columns.ts';
import { pinRoot } from './account.ts';
import { clock, now } from './clock.ts';
import { meta, type Name, reading, type Seen, setMeta, writing } from './db.ts';
import { type Gate, loadGate, packState, paired } from './gate.ts';
import { call, download } from './http.ts';
import { exchanged } from './loop.ts';
import { forget, isLost, store } from './packstore.ts';
import { open } from './parcel.ts';
import { keepStorage } from './persist.ts';
import { codeOf, Problem } from './problem.ts';
import { records } from './records.ts';
import { alone, onNews, tell } from './tabs.ts';
import { keepTime } from './time.ts';

export { type Gate, type PackState, packState, paired } from './gate.ts';

/** Check-ins that the pack brought. Later ones are records of the kind `checkin`; some are in both. */
export interface SeenCheckIns {
  checkIns: readonly CheckIn[];
  /** Of each subject the last 3 bytes (hex) of its meeting's id, where it came to one. */
  meetings: ReadonlyMap<string, string>;
  /** Ids of those that were undone. */
  undone: readonly string[];
}

/** What is to be verified before anything is decided by it: the trust list (JWS), and status lists (JWT) by id. */
export interface PackParts {
  /** Thumbprint of the root key that this phone saw first. */
  root: string;
  trust: string;
  lists: readonly { id: string; jwt: string }[];
}

const EVERY = 15 * 60_000;
/** Bytes of a meeting's id in a column, and what stands where there is no meeting. */
const [MEETING, NO_MEETING] = [3, '000000'] as const;
const NONE: SeenCheckIns = { checkIns: [], meetings: new Map(), undone: [] };

const known = signal<SeenCheckIns>(NONE);
const root = signal<string | null>(null);
const coming = signal<number | null>(null);
const failed = signal<string | null>(null);

export const seen: ReadonlySignal<SeenCheckIns> = known;

/** The parts of the pack as they are now, also those that came by sync; null when there is no pack. */
export const packParts: ReadonlySignal<PackParts | null> = computed(() => {
  const [trust] = records('trust').value.map(({ values }) => values.jws);
  if (packState.value === null || root.value === null || typeof trust !== 'string') return null;
  const lists = records('statuslist').value.flatMap(({ id, values: { jwt } }) =>
    typeof jwt === 'string' ? [{ id, jwt }] : [],
  );
  return { root: root.value, trust, lists };
});

/** How many bytes of a pack have come; null when none is being fetched. */
export const packProgress: ReadonlySignal<number | null> = coming;

/** The code of what kept the last pack or fresh lists from coming, until they come. */
export const packTrouble: ReadonlySignal<string | null> = failed;

/** Pair this phone with an entrance of the guard's unit and fetch the pack; when it throws, nothing has changed. */
export async function pair(gate: Gate): Promise<void> {
  await pinRoot();
  await fetchPack(gate);
  void keepStorage();
}

/** Look after another entrance of the same unit; needs no network. */
export async function moveTo(place: number, bit: number, name: Gate['name']): Promise<void> {
  await writing(async (tx) => {
    const gate = await meta(tx, 'gate');
    if (gate !== undefined) await setMeta(tx, 'gate', { ...gate, place, bit, name });
  });
  await showAll([]);
}

/** End the pairing: the pack goes, and with it what others did at the gates. */
export async function unpair(): Promise<void> {
  await showAll(await alone(() => writing(forget)));
}

/**
 * Have lists signed anew where they are old, and pull; or fetch the whole pack where its feeds can't be followed.
 * Resolves when what was fetched is here.
 */
export async function refreshPack(): Promise<void> {
  const gate = paired.peek();
  if (gate === null) return;
  if (await reading((tx) => isLost(tx, now()))) return fetchPack(gate);
  try {
    await call('POST', '/gate/fresh', {});
    await exchanged();
    failed.value = null;
  } catch (error) {
    failed.value = codeOf(error);
    throw error;
  }
}

/** Fetch the whole pack again. */
export async function reloadPack(): Promise<void> {
  const gate = paired.peek();
  if (gate !== null) await fetchPack(gate);
}

let opened: Promise<void> | null = null;

/** Show what is stored, from now on whenever a tab writes, and keep it fresh. Doing it twice does no harm. */
export function openGate(): Promise<void> {
  opened ??= begin();
  return opened;
}

async function begin(): Promise<void> {
  onNews(async ({ account }) => {
    if (account) await loadPack();
  });
  await loadPack();
  let last = packState.peek()?.fetchedAt ?? 0;
  const look = (): void => {
    if (paired.peek() === null || !navigator.onLine || document.visibilityState !== 'visible') return;
    if (coming.peek() !== null || Math.abs(now() - last) < EVERY) return;
    last = now();
    void refreshPack().catch(() => (last = 0)); // said by `packTrouble`; a minute later it is tried again
  };
  setInterval(look, 60_000);
  addEventListener('online', look);
  document.addEventListener('visibilitychange', look);
  look();
}

/** Show what was written, here and in other tabs. */
async function showAll(names: readonly Name[]): Promise<void> {
  await tell({ records: names, account: true });
  await loadPack();
}

let shown = 0;

/** Read what is stored of the pack again; its check-ins only when there are others. */
async function loadPack(): Promise<void> {
  await loadGate();
  const at = packState.peek()?.fetchedAt ?? 0;
  const { stored, pinned } = await reading(async (tx) => ({
    stored: at === shown ? null : await tx.objectStore('seen').getAll(),
    pinned: await meta(tx, 'root'),
  }));
  batch(() => {
    root.value = pinned ?? null;
    if (stored === null) return;
    const [first] = stored;
    known.value = first === undefined ? NONE : brought(first);
    shown = at;
  });
}

function brought({ columns, meeting, undone }: Seen): SeenCheckIns {
  const checkIns = fromColumns(columns);
  const meetings = new Map<string, string>();
  for (const [index, { subject }] of checkIns.entries()) {
    const tail = hex(meeting.subarray(index * MEETING, (index + 1) * MEETING));
    if (tail !== NO_MEETING) meetings.set(subject, tail);
  }
  return { checkIns, meetings, undone };
}

async function fetchPack(gate: Gate): Promise<void> {
  const account = await reading((tx) => meta(tx, 'account'));
  coming.value = 0;
  try {
    const asked = clock.asking();
    const data = await download('/gate/pack', (received) => (coming.value = received));
    const parcel = open(data);
    if (parcel.unit !== gate.unit) throw new Problem('gate_unit', false, `expected ${gate.unit}, got ${parcel.unit}`);
    clock.heard(parcel.time, asked);
    // An exchange that is under way must not take the new feeds for ones that have ended.
    const names = await alone(() =>
      writing(async (tx) => {
        // What was asked for somebody who has left this phone is nobody's business any more.
        if ((await meta(tx, 'account'))?.id !== account?.id) return [];
        await keepTime(tx);
        return store(tx, { gate, parcel, bytes: data.length });
      }),
    );
    failed.value = null;
    await showAll(names);
  } catch (error) {
    failed.value = codeOf(error);
    throw error;
  } finally {
    coming.value = null;
  }
}
