/** When a page keeps the time, and when its phone may have slept. */

import { clock } from './clock.ts';
import { saveTime } from './time.ts';

const PACE = 5_000;

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
