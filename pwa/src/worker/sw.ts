/** The service worker: opens the app without a network, and sends what waits when there is one again. */

import { drain } from '../data/exchange.ts';

declare const self: ServiceWorkerGlobalScope;
/** Every file of the app, written in by the build. Those that are not `eager` are kept once they were used. */
declare const __PRECACHE__: readonly { url: string; integrity: string; eager: boolean }[];

/** The Background Sync API, which TypeScript does not know. */
interface SyncEvent extends ExtendableEvent {
  readonly tag: string;
}

const CACHE = 'motcua-app';
const SHELL = '/index.html';
/** Kept beside the files once this phone is to have all of them, versions to come included: a guard's phone is. */
const WHOLE = '/?whole';
/** What the server answers by itself; everything else that is navigated to is a screen of the app. */
const SERVERS = /^\/(sync|auth|blobs|live|healthz|metrics)(\/|$)|^\/dossiers\/[^/]+\/evidence$/;

const files = new Map(__PRECACHE__.map((file) => [file.url, file]));

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(activate()));

// A new version waits until the person says so: a page never finds the code of another version behind it.
self.addEventListener('message', (event) => {
  if (event.data === 'activate') event.waitUntil(self.skipWaiting());
  if (event.data === 'keep') event.waitUntil(keepWhole(event.ports[0]));
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin || SERVERS.test(pathname)) return;
  if (request.mode === 'navigate') event.respondWith(answer(SHELL));
  else if (files.has(pathname)) event.respondWith(answer(pathname));
});

self.addEventListener('sync', (event) => (event as SyncEvent).waitUntil(drain()));

/** Fetch what this version has and no version before it had; one changed byte fails the whole of it. */
async function install(): Promise<void> {
  const cache = await caches.open(CACHE);
  const whole = (await cache.match(WHOLE)) !== undefined;
  await fill(cache, (file) => whole || file.eager);
}

/** Fetch all that is not here yet, and tell the page whether it now is. */
async function keepWhole(page: MessagePort | undefined): Promise<void> {
  try {
    const cache = await caches.open(CACHE);
    await fill(cache, () => true);
    await cache.put(WHOLE, new Response());
    page?.postMessage(true);
  } catch {
    page?.postMessage(false); // no network, or no space: the page says so, and asks again
  }
}

async function fill(cache: Cache, wanted: (file: (typeof __PRECACHE__)[number]) => boolean): Promise<void> {
  await Promise.all(
    __PRECACHE__.filter(wanted).map(async ({ url }) => {
      if ((await cache.match(keyOf(url))) === undefined) await cache.put(keyOf(url), await download(url));
    }),
  );
}

/** Drop what only older versions used. */
async function activate(): Promise<void> {
  const cache = await caches.open(CACHE);
  const wanted = new Set([WHOLE, ...[...files.keys()].map(keyOf)].map((url) => new URL(url, self.location.href).href));
  const old = (await cache.keys()).filter(({ url }) => !wanted.has(url));
  await Promise.all(old.map((request) => cache.delete(request)));
  await self.clients.claim();
}

/** Answer from the cache, without asking the network first: a slow network must not make a phone slow. */
async function answer(url: string): Promise<Response> {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(keyOf(url));
  if (kept !== undefined) return kept;
  const fetched = await download(url);
  await cache.put(keyOf(url), fetched.clone());
  return fetched;
}

async function download(url: string): Promise<Response> {
  const response = await fetch(url, { integrity: files.get(url)?.integrity ?? '', cache: 'no-cache' });
  if (!response.ok) throw new Error(`expected ${url}, got status ${response.status}`);
  return response;
}

/** A file's name and hash, so that versions live side by side in one cache, and share what did not change. */
function keyOf(url: string): string {
  return `${url}?${encodeURIComponent(files.get(url)?.integrity ?? '')}`;
}
