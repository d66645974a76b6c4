/** The service worker from the page's side: it is registered here, and asked to make way for a newer one. */

import { type ReadonlySignal, signal } from '@preact/signals';

const ready = signal(false);
/** A newer version of the app waits to be used. */
export const updateReady: ReadonlySignal<boolean> = ready;

const HOUR = 3_600_000;
export const DRAIN = 'motcua-drain';

/** The Background Sync API, which not every browser has. */
interface Syncing extends ServiceWorkerRegistration {
  sync?: { register(tag: string): Promise<void> };
}

/** Register the worker and watch for newer ones. */
export async function startWorker(): Promise<void> {
  const controlled = navigator.serviceWorker.controller !== null;
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    // Another tab has switched to a newer version; this one goes on until the person says so.
    if (controlled) ready.value = true;
  });
  const registration = await navigator.serviceWorker.register('/sw.js', { updateViaCache: 'none' });
  const look = () => (ready.value = registration.waiting !== null && registration.active !== null);
  look();
  registration.addEventListener('updatefound', () => registration.installing?.addEventListener('statechange', look));
  setInterval(() => void registration.update().catch(() => undefined), HOUR); // without a network there is nothing new
}

/** Use the newer version. Drafts are in the database, so none is lost. */
export async function applyUpdate(): Promise<void> {
  const { waiting } = await navigator.serviceWorker.ready;
  if (waiting === null) {
    location.reload(); // it took over in another tab
    return;
  }
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
  waiting.postMessage('activate');
}

/** Have the browser wake the worker when there is a network, should this page be closed by then. */
export async function drainInBackground(): Promise<void> {
  const registration: Syncing = await navigator.serviceWorker.ready;
  await registration.sync?.register(DRAIN).catch(() => undefined); // the person may have switched it off
}
