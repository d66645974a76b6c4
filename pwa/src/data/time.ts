/** Keeps the time that was known, so that it is known again after the page is closed. */

import { clock, type KeptTime } from './clock.ts';
import { database, meta, reading, setMeta, type Writing } from './db.ts';

/** Go on from the time that was kept. */
export async function loadTime(): Promise<void> {
  const kept = await reading((tx) => meta(tx, 'time'));
  if (kept !== undefined) clock.resume(kept);
}

/** Keep the time with whatever else is written as the server answers. */
export async function keepTime(tx: Writing): Promise<void> {
  const kept = agreed(await meta(tx, 'time'));
  if (kept !== null) await setMeta(tx, 'time', kept);
}

/** Keep the time. Losing it in a power cut costs seconds, so nobody waits for the disk. */
export async function saveTime(): Promise<void> {
  const tx = (await database()).transaction('meta', 'readwrite', { durability: 'relaxed' });
  const kept = agreed((await tx.store.get('time')) as KeptTime | undefined);
  if (kept !== null) await tx.store.put(kept, 'time');
  await tx.done;
}

/** What this page knows together with what another tab, or the worker, has kept since. */
function agreed(stored: KeptTime | undefined): KeptTime | null {
  if (stored !== undefined) clock.resume(stored);
  return clock.keep();
}
