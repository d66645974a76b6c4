/** What a verdict sounds and feels like. Pitch and rhythm differ, so that ears alone or a hand alone can tell them. */
import { signal } from '@preact/signals';

import { keep, kept } from '../../data/preferences.ts';

export type Look = 'admit' | 'check' | 'refuse';

/** One tone: Hz, when it begins and how long it lasts, in seconds. */
export interface Tone {
  hz: number;
  from: number;
  lasts: number;
}

/** Rising and short; level and repeated; low, falling and long. */
export const TONES: Readonly<Record<Look, readonly Tone[]>> = {
  admit: [
    { hz: 880, from: 0, lasts: 0.09 },
    { hz: 1320, from: 0.1, lasts: 0.16 },
  ],
  check: [
    { hz: 620, from: 0, lasts: 0.13 },
    { hz: 620, from: 0.2, lasts: 0.13 },
    { hz: 620, from: 0.4, lasts: 0.13 },
  ],
  refuse: [
    { hz: 300, from: 0, lasts: 0.28 },
    { hz: 190, from: 0.3, lasts: 0.55 },
  ],
};

/** Ms of buzzing and of rest in turn (Vibration API): one short; three short; two long. */
export const BUZZES: Readonly<Record<Look, readonly number[]>> = {
  admit: [70],
  check: [90, 90, 90, 90, 90],
  refuse: [420, 120, 420],
};

const KEPT = 'gate-sound';
const LOUDNESS = 0.4;
/** A tone that starts at full strength clicks. */
const SOFTLY = 0.012;

let context: AudioContext | null = null;

/** Whether the guard wants to hear verdicts. */
export const sound = signal(kept(KEPT) !== 'off');

/** Browsers make no sound before the page was touched; until then this is true, and the screen says so. */
export const silenced = signal(false);

/** Say a verdict to ears and hands. A new one cuts off the one before. */
export function announce(look: Look): void {
  // Like sound, only once the page was touched: before, browsers refuse and complain.
  if ('vibrate' in navigator && navigator.userActivation.hasBeenActive) navigator.vibrate([...BUZZES[look]]);
  if (sound.peek()) play(TONES[look]);
}

export function setSound(on: boolean): void {
  sound.value = on;
  keep(KEPT, on ? 'on' : 'off');
  if (on) unlock();
}

/** Get ready to make sounds; from a touch or a key it always works, else only in some browsers. */
export function unlock(): void {
  if (!('AudioContext' in globalThis)) return;
  context ??= new AudioContext({ latencyHint: 'interactive' });
  const current = context;
  const look = () => (silenced.value = current.state !== 'running');
  current.onstatechange = look;
  look();
  if (current.state !== 'running') void current.resume().then(look, look);
}

let playing: GainNode | null = null;

function play(tones: readonly Tone[]): void {
  unlock();
  if (context?.state !== 'running') return;
  const begin = context.currentTime;
  playing?.disconnect();
  const out = context.createGain();
  out.gain.value = LOUDNESS;
  out.connect(context.destination);
  playing = out;
  for (const { hz, from, lasts } of tones) {
    const [on, off] = [begin + from, begin + from + lasts];
    const envelope = context.createGain();
    envelope.gain.setValueAtTime(0, on);
    envelope.gain.linearRampToValueAtTime(1, on + SOFTLY);
    envelope.gain.setValueAtTime(1, off - SOFTLY);
    envelope.gain.linearRampToValueAtTime(0, off);
    const voice = context.createOscillator();
    voice.type = 'triangle'; // carries in the noise of a street, and small speakers have it
    voice.frequency.value = hz;
    voice.connect(envelope).connect(out);
    voice.start(on);
    voice.stop(off);
  }
}
