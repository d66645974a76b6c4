import { expect, test } from 'vitest';

import { BUZZES, TONES } from './signal.ts';

test('each verdict has a pitch, a rhythm and a buzz of its own, within what a guard waits for', () => {
  const pitches = Object.values(TONES).map((tones) => tones.map(({ hz }) => hz).join());
  const rhythms = Object.values(TONES).map((tones) => tones.map(({ lasts }) => lasts).join());
  const buzzes = Object.values(BUZZES).map((buzz) => buzz.join());
  for (const each of [pitches, rhythms, buzzes]) expect(new Set(each).size).toBe(3);
  for (const tones of Object.values(TONES)) {
    for (const { from, lasts } of tones) expect(from + lasts).toBeLessThan(1);
  }
});
