/** Whether every part of the app is on this phone, for those who must be able to work without a network. */

/** Longer than the slowest network that still helps. */
const PATIENCE = 120_000;

/**
 * Have the service worker keep every file of the app, also of each version to come; says whether it has them all now.
 * False where there is no worker.
 */
export async function keepWholeApp(): Promise<boolean> {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return false;
  const { port1, port2 } = new MessageChannel();
  const answer = new Promise<boolean>((resolve) => {
    port1.onmessage = ({ data }) => resolve(data === true);
    setTimeout(() => resolve(false), PATIENCE);
  });
  // A worker that could not be installed is never ready; then time runs out.
  void navigator.serviceWorker.ready.then(({ active }) => active?.postMessage('keep', [port2]));
  return answer.finally(() => port1.close());
}
