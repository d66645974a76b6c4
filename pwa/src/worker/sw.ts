/** The service worker: opens the app without a network, and sends what waits when there is one again. */

import { drain } from '../data/drain.ts';

declare const self: ServiceWorkerGlobalScope;

/** A file of the app, and when this phone begins to keep it: at once, when a page asks for it, or once it was used. */
interface File {
  readonly url: string;
  readonly integrity: string;
  readonly keep: 'install' | 'scan' | 'use';
}

/** Written in by the build. */
declare const __PRECACHE__: readonly File[];

/** The Background Sync API, which TypeScript does not know. */
interface SyncEvent extends ExtendableEvent {
  readonly tag: string;
}

const CACHE = 'motcua-app';
const SHELL = '/index.html';
/** Kept beside the files once this phone is to have all of them, versions to come included: a guard's phone is. */
const WHOLE = '/?whole';
/** What the server answers by itself; everything else that is navigated to is a screen of the app. */
const SERVERS = new RegExp(
  '^/(sync|auth|blobs|live|healthz|readyz|metrics|statuslists)(/|$)' +
    '|^/gate/(pack|fresh)$|^/dossiers/[^/]+/evidence$',
);

const app = __PRECACHE__;
const files = new Map(app.map((file) => [file.url, file]));

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(activate()));

// A new version waits until the person says so: a page never finds the code of another version behind it.
self.addEventListener('message', (event) => {
  const data: unknown = event.data;
  if (data === 'activate') event.waitUntil(self.skipWaiting());
  if (data === 'keep-all' || data === 'keep-scan') event.waitUntil(keep(data, event.ports[0]));
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin || SERVERS.test(pathname)) return;
  if (request.mode === 'navigate') event.respondWith(answer(SHELL));
  else if (files.has(pathname)) event.respondWith(answer(pathname));
});

self.addEventListener('sync', (event) => (event as SyncEvent).waitUntil(drain()));

/**
 * Fetch what this version has and no version before it had; one changed byte fails the whole of it. What of an older
 * version was used here must go on working without a network.
 */
async function install(): Promise<void> {
  const cache = await caches.open(CACHE);
  const whole = (await cache.match(WHOLE)) !== undefined;
  const used = new Set((await cache.keys()).map(({ url }) => plainName(new URL(url).pathname)));
  await fill(cache, (file) => whole || file.keep === 'install' || used.has(plainName(file.url)));
}

/** Fetch what is asked for and not here yet, and tell the page whether it now is. */
async function keep(what: 'keep-all' | 'keep-scan', page: MessagePort | undefined): Promise<void> {
  try {
    const cache = await caches.open(CACHE);
    await fill(cache, (file) => what === 'keep-all' || file.keep === 'scan');
    if (what === 'keep-all') await cache.put(WHOLE, new Response());
    page?.postMessage(true);
  } catch {
    page?.postMessage(false); // no network, or no space: the page says so, and asks again
  }
}

async function fill(cache: Cache, wanted: (file: File) => boolean): Promise<void> {
  await Promise.all(
    app.filter(wanted).map(async ({ url }) => {
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

/** A file's name without the hash that the build put into it: `/assets/officer.js`. */
function plainName(path: string): string {
  return path.replace(/-[\w-]{8}(\.\w+)$/, '$1');
}

/** A file's name and hash, so that versions live side by side in one cache, and share what did not change. */
function keyOf(url: string): string {
  return `${url}?${encodeURIComponent(files.get(url)?.integrity ?? '')}`;
}
