/** Check-ins that another guard's phone handed over without a network. They count until the server has had time. */

import { type ReadonlySignal, signal } from '@preact/signals';

import { type CheckIn, fromColumns, toColumns } from '../codes/columns.ts';
import { now } from './clock.ts';
import { reading, writing } from './db.ts';
import { onNews, tell } from './tabs.ts';

export interface HeardCheckIns {
  checkIns: readonly CheckIn[];
  /** Ids of those that were undone. */
  undone: readonly string[];
}

/** What was handed over: by which device, of which unit, made when (ms). It has been verified. */
export interface Handed extends HeardCheckIns {
  device: string;
  unit: string;
  at: number;
}

/** As long as a pack looks back. */
const KEPT = 36 * 3_600_000;

const all = signal<HeardCheckIns>({ checkIns: [], undone: [] });

export const heard: ReadonlySignal<HeardCheckIns> = all;

/** Keep what was handed over. Resolves when it is durable and is shown by `heard`. */
export async function keepHeard({ device, unit, at, checkIns, undone }: Handed): Promise<void> {
  const row = { id: `${device} ${at}`, unit, at, columns: toColumns(checkIns), undone: [...undone] };
  await writing(async (tx) => {
    const store = tx.objectStore('heard');
    for (const old of await store.getAll()) if (now() - old.at > KEPT) await store.delete(old.id);
    await store.put(row);
  });
  await loadHeard();
  await tell({ records: [], account: true });
}

/** Read what was handed over from the database again. */
export async function loadHeard(): Promise<void> {
  const rows = await reading((tx) => tx.objectStore('heard').getAll());
  if (rows.length === 0 && all.peek().checkIns.length === 0) return;
  all.value = {
    checkIns: rows.flatMap(({ columns }) => fromColumns(columns)),
    undone: rows.flatMap(({ undone }) => undone),
  };
}

let following = false;

/** Show what is stored, also what another tab took in. Doing it twice does no harm. */
export async function openHeard(): Promise<void> {
  if (!following) onNews(({ account }) => (account ? loadHeard() : Promise.resolve()));
  following = true;
  await loadHeard();
}
