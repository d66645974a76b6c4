import { expect, test } from 'vitest';

import { afterCut, afterSent, FIRST_PACE, type Pace } from './pace.ts';

/** Send over a link of so many bytes a ms that is cut every so many ms; say what part of it was lost. */
function lost(rate: number, every: number, delay: number): number {
  let pace: Pace = FIRST_PACE;
  let [now, cutAt, since, sent, wasted] = [0, every, 0, 0, 0];
  while (sent < 25_000_000) {
    const took = pace.size / rate + delay;
    if (now + took > cutAt) {
      wasted += Math.max(0, (cutAt - now - delay) * rate);
      pace = afterCut(pace, cutAt - since);
      [now, since, cutAt] = [cutAt, cutAt, cutAt + every];
    } else {
      sent += pace.size;
      now += took;
      pace = afterSent(pace, { bytes: pace.size, took, held: now - since });
    }
  }
  return wasted / sent;
}

test('A4 even where nothing of a cut request is kept, at most a tenth is sent twice on a link of use', () => {
  for (const rate of [100, 400, 2000]) {
    for (const every of [3000, 5000, 20_000]) expect(lost(rate, every, 30)).toBeLessThan(0.08);
  }
});

test('a quick link that holds gets large parts, a slow one small parts', () => {
  let pace = FIRST_PACE;
  for (let n = 0; n < 10; n += 1) pace = afterSent(pace, { bytes: pace.size, took: pace.size / 5000, held: 40_000 });
  expect(pace.size).toBe(1024 * 1024);
  for (let n = 0; n < 10; n += 1) pace = afterSent(pace, { bytes: pace.size, took: pace.size / 5, held: 0 });
  expect(pace.size).toBe(16 * 1024);
});
