/** Keeps the time that was known, so that it is known again after the page is closed. */

import { clock, type KeptTime } from './clock.ts';
import { database, meta, reading } from './db.ts';

const PACE = 5_000;

/** Go on from the time that was kept. */
export async function loadTime(): Promise<void> {
  const kept = await reading((tx) => meta(tx, 'time'));
  if (kept !== undefined) clock.resume(kept);
}

/** Keep the time, unless another tab has heard the server since. Losing it in a power cut costs seconds. */
export async function saveTime(): Promise<void> {
  const tx = (await database()).transaction('meta', 'readwrite', { durability: 'relaxed' });
  const stored = (await tx.store.get('time')) as KeptTime | undefined;
  if (stored !== undefined) clock.resume(stored);
  const kept = clock.keep();
  if (kept !== null) await tx.store.put(kept, 'time');
  await tx.done;
}

/** Keep the time every 5 s while the page is in sight or `isPaired`, and whenever it goes out of sight. */
export function followTime(isPaired: () => boolean): void {
  const isVisible = () => document.visibilityState === 'visible';
  const save = () => void saveTime().catch(() => undefined); // in 5 s it is tried again
  setInterval(() => {
    clock.asking();
    if (isVisible() || isPaired()) save();
  }, PACE);
  addEventListener('pagehide', () => {
    clock.hide();
    save();
  });
  addEventListener('pageshow', () => {
    if (isVisible()) clock.show();
  });
  document.addEventListener('visibilitychange', () => {
    if (isVisible()) clock.show();
    else clock.hide();
    save();
  });
}
