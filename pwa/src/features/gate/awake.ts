import { useEffect } from 'preact/hooks';

/** Keep the screen on while this is shown (Screen Wake Lock API); a phone that can't, or saves power, goes dark. */
export function useAwake(): void {
  useEffect(() => {
    if (!('wakeLock' in navigator)) return;
    const round: { over: boolean; lock: WakeLockSentinel | null } = { over: false, lock: null };
    const take = (lock: WakeLockSentinel): void => {
      if (round.over) void lock.release();
      else round.lock = lock;
    };
    const look = (): void => {
      if (document.visibilityState !== 'visible') return;
      navigator.wakeLock.request('screen').then(take, () => undefined); // the phone refuses while it saves power
    };
    document.addEventListener('visibilitychange', look);
    look();
    return () => {
      round.over = true;
      document.removeEventListener('visibilitychange', look);
      void round.lock?.release();
    };
  }, []);
}
