import { expect, test, vi } from 'vitest';

import { locate } from './locate.ts';

/** A phone whose fixes and refusals the test gives. */
function phone() {
  let [fix, fail]: [PositionCallback, PositionErrorCallback] = [vi.fn(), vi.fn()];
  const clearWatch = vi.fn();
  const geolocation = {
    watchPosition: (onFix: PositionCallback, onError: PositionErrorCallback) => {
      [fix, fail] = [onFix, onError];
      return 7;
    },
    clearWatch,
  } as unknown as Geolocation;
  const at = (accuracy: number) =>
    fix({ coords: { latitude: 10, longitude: 106, altitude: null, accuracy } } as GeolocationPosition);
  const error = (code: number) => fail({ code, PERMISSION_DENIED: 1 } as GeolocationPositionError);
  return { geolocation, at, error, clearWatch };
}

test('each better fix is told, a worse one is not, and a good one ends it', () => {
  const { geolocation, at, clearWatch } = phone();
  const told: [number, boolean][] = [];
  locate(geolocation, { onFix: (fix, done) => told.push([fix.accuracy, done]), onTrouble: vi.fn() });
  for (const accuracy of [80, 120, 30]) at(accuracy);
  expect(clearWatch).not.toHaveBeenCalled();
  at(8);
  expect(told).toEqual([[80, false], [30, false], [8, true]]);
  expect(clearWatch).toHaveBeenCalledWith(7);
});

test('a refusal is told from a place that cannot be found, and a fix from before either is kept', () => {
  const troubles: string[] = [];
  for (const code of [1, 2]) {
    const { geolocation, error } = phone();
    locate(geolocation, { onFix: vi.fn(), onTrouble: (trouble) => troubles.push(trouble) });
    error(code);
  }
  locate(undefined, { onFix: vi.fn(), onTrouble: (trouble) => troubles.push(trouble) });
  expect(troubles).toEqual(['refused', 'unavailable', 'unsupported']);
  const { geolocation, at, error } = phone();
  const onFix = vi.fn();
  locate(geolocation, { onFix, onTrouble: vi.fn() });
  at(40);
  error(2);
  expect(onFix).toHaveBeenLastCalledWith(expect.objectContaining({ accuracy: 40 }), true);
});

test('it ends by itself when nothing comes', () => {
  vi.useFakeTimers();
  const { geolocation, clearWatch } = phone();
  const onTrouble = vi.fn();
  locate(geolocation, { onFix: vi.fn(), onTrouble });
  vi.advanceTimersByTime(30_000);
  expect(onTrouble).toHaveBeenCalledWith('unavailable');
  expect(clearWatch).toHaveBeenCalled();
  vi.useRealTimers();
});
