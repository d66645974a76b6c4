/** Whether what comes later of the app is on this phone, for those who must be able to work without a network. */

/** Longer than the slowest network that still helps. */
const PATIENCE = 120_000;
/** For how long the network is left to what the person came for. */
const IDLE = 5_000;

/**
 * Have the service worker keep every file of the app, also of each version to come; says whether it has them all now.
 * False where there is no worker.
 */
export function keepWholeApp(): Promise<boolean> {
  return keep('all');
}

/** Have the service worker keep what reads codes; says whether it has it now. */
export function scannerReady(): Promise<boolean> {
  return keep('scan');
}

/** Have what reads codes kept while nothing else happens, unless the person saves data: then it comes when needed. */
export function prepareScanner(): void {
  const { connection } = navigator as { connection?: { saveData?: boolean } };
  if (connection?.saveData !== true) setTimeout(() => void scannerReady(), IDLE);
}

async function keep(what: 'all' | 'scan'): Promise<boolean> {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return false;
  const { port1, port2 } = new MessageChannel();
  const answer = new Promise<boolean>((resolve) => {
    port1.onmessage = ({ data }) => resolve(data === true);
    setTimeout(() => resolve(false), PATIENCE);
  });
  // A worker that could not be installed is never ready; then time runs out.
  void navigator.serviceWorker.ready.then(({ active }) => active?.postMessage(`keep-${what}`, [port2]));
  return answer.finally(() => port1.close());
}
