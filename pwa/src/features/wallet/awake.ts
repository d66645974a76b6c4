/** Keep the screen on while a code is shown; return how to let it sleep again. Not every browser has the API. */
export function keepAwake(): () => void {
  let lock: WakeLockSentinel | null = null;
  let open = true;
  const ask = async (): Promise<void> => {
    if (document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return;
    const got = await navigator.wakeLock.request('screen').catch(() => null); // low battery: the phone decides
    if (open) lock = got;
    else await got?.release();
  };
  // The lock is gone whenever the page was hidden.
  const again = (): void => void ask();
  document.addEventListener('visibilitychange', again);
  again();
  return () => {
    open = false;
    document.removeEventListener('visibilitychange', again);
    void lock?.release();
  };
}
