/** Finding out where the phone is: the first guess is often off by a street, so better ones are waited for. */
import type { Fix } from './geo.ts';

export type LocateTrouble = 'refused' | 'unavailable' | 'unsupported';

/** Good enough to stop at: metres. */
const ENOUGH_M = 10;
const LONGEST_MS = 30_000;

interface Told {
  /** A better fix than all before; `done` when no better one is waited for. */
  onFix: (fix: Fix, done: boolean) => void;
  /** There will be no fix, or no better one. */
  onTrouble: (trouble: LocateTrouble) => void;
}

/** Follow the phone's fixes until one is good enough. Returns how to stop before that. */
export function locate(geolocation: Geolocation | undefined, { onFix, onTrouble }: Told): () => void {
  if (geolocation === undefined) {
    onTrouble('unsupported');
    return () => undefined;
  }
  let best: Fix | null = null;
  const stop = (): void => {
    geolocation.clearWatch(watch);
    clearTimeout(timer);
  };
  const watch = geolocation.watchPosition(
    ({ coords }) => {
      if (best !== null && coords.accuracy >= best.accuracy) return;
      const { latitude, longitude, altitude, accuracy } = coords;
      best = { latitude, longitude, altitude, accuracy };
      const done = accuracy <= ENOUGH_M;
      if (done) stop();
      onFix(best, done);
    },
    ({ code, PERMISSION_DENIED }) => {
      stop();
      if (best !== null) onFix(best, true);
      else onTrouble(code === PERMISSION_DENIED ? 'refused' : 'unavailable');
    },
    { enableHighAccuracy: true, maximumAge: 0, timeout: LONGEST_MS },
  );
  const timer = setTimeout(() => {
    stop();
    if (best !== null) onFix(best, true);
    else onTrouble('unavailable');
  }, LONGEST_MS);
  return stop;
}
