/** The guard's own log: what was scanned on this phone in the last day. It never leaves the phone. */

import { type ReadonlySignal, signal } from '@preact/signals';

import { now } from './clock.ts';
import { reading, type Scan as Stored, writing } from './db.ts';
import { tell } from './tabs.ts';

export type Scan = Readonly<Stored>;

const KEPT = 24 * 3_600_000;
const all = signal<readonly Scan[]>([]);

/** What was scanned, newest first. */
export const scans: ReadonlySignal<readonly Scan[]> = all;

/** Keep a scan; what is older than a day goes. */
export async function logScan(scan: Scan): Promise<void> {
  await writing(async (tx) => {
    await tx.objectStore('scans').put(scan);
    const old = IDBKeyRange.upperBound(now() - KEPT);
    for (const key of await tx.objectStore('scans').index('at').getAllKeys(old)) {
      await tx.objectStore('scans').delete(key);
    }
  });
  await loadScans();
  await tell({ records: [], account: false });
}

/** Read the log from the database again. */
export async function loadScans(): Promise<void> {
  const recent = IDBKeyRange.lowerBound(now() - KEPT, true);
  const found = await reading((tx) => tx.objectStore('scans').index('at').getAll(recent));
  all.value = found.reverse();
}
