/** A phone for tests: real IndexedDB rules, real WebCrypto, pages that can be opened, killed and opened again. */

import 'fake-indexeddb/auto';
import { vi } from 'vitest';

import type { Value } from '../../sync/canonical.ts';
import type { Server } from './server.ts';

/** The modules of one page; each page has its own, as tabs do. */
export type Page = Awaited<ReturnType<typeof openPage>>;

/** What may go wrong at a step: a page is killed before it, or the network is cut before or after the server acts. */
export interface Fate {
  step: number;
  /** The step at which the page dies; 0 for never. */
  dies: number;
}

class Killed extends Error {}

const dead = new WeakSet<IDBDatabase>();
const alive = new Set<IDBDatabase>();
const channels = new Set<BroadcastChannel>();
let fate: Fate = { step: 0, dies: 0 };
let server: Server;
/** What is said of a network: 'ok', or where it cuts every request. */
export const network: { cut: 'never' | 'before' | 'after' } = { cut: 'never' };
/** Other addresses of the server, by path. */
export const routes = new Map<string, (body: unknown) => { status: number; body: unknown }>();

// eslint-disable-next-line @typescript-eslint/unbound-method -- it is called with its database below
const begin = IDBDatabase.prototype.transaction;
IDBDatabase.prototype.transaction = function (...args: Parameters<IDBDatabase['transaction']>) {
  if (dead.has(this)) throw new Killed('expected nothing of a dead page');
  alive.add(this);
  if (dies()) {
    kill();
    throw new Killed('killed before a transaction');
  }
  return begin.apply(this, args);
};

class Channel extends BroadcastChannel {
  constructor(name: string) {
    super(name);
    channels.add(this);
  }

  override postMessage(message: unknown): void {
    if (channels.has(this)) super.postMessage(message);
  }
}

/** End every page that is open. */
function kill(): void {
  for (const each of alive) dead.add(each);
  for (const each of channels) each.close();
  alive.clear();
  channels.clear();
}

/** Close the app; the phone keeps what it stored. */
export const closePages = kill;

/** Take a phone out of its box, with a server that it may reach. */
export async function unbox(with_: Server): Promise<Page> {
  kill();
  server = with_;
  network.cut = 'never';
  routes.clear();
  fate = { step: 0, dies: 0 };
  const { IDBFactory } = await import('fake-indexeddb');
  vi.stubGlobal('indexedDB', new IDBFactory());
  vi.stubGlobal('navigator', { locks: locks(), onLine: true, storage: { persisted: () => Promise.resolve(true) } });
  vi.stubGlobal('location', { hostname: 'localhost', href: 'http://localhost/' });
  vi.stubGlobal('reportError', (error: unknown) => {
    if (!(error instanceof Killed)) throw error;
  });
  vi.stubGlobal('fetch', answer);
  vi.stubGlobal('BroadcastChannel', Channel);
  return openPage();
}

/** Open the app in one more tab. */
export async function openPage() {
  vi.resetModules();
  const [records, status, account, exchange, outbox, db, keys, tabs, acts, loop, time] = await Promise.all([
    import('../records.ts'),
    import('../status.ts'),
    import('../account.ts'),
    import('../exchange.ts'),
    import('../outbox.ts'),
    import('../db.ts'),
    import('../keys.ts'),
    import('../tabs.ts'),
    import('../acts.ts'),
    import('../loop.ts'),
    import('../time.ts'),
  ]);
  const [pack, holders, scans, clock] = await Promise.all([
    import('../pack.ts'),
    import('../holders.ts'),
    import('../scans.ts'),
    import('../clock.ts'),
  ]);
  const vault = await import('../vault.ts');
  const gate = { pack, holders, scans, clock, time, vault };
  const page = { records, status, account, exchange, outbox, db, keys, tabs, acts, loop, ...gate };
  await db.vaultDoor(); // a later page resets the modules of this one
  tabs.onNews(async (news) => {
    const accounted = news.account ? account.loadAccount() : Promise.resolve();
    await Promise.all([records.paint(news.records), status.loadStatus(), accounted]).catch((error: unknown) => {
      if (!(error instanceof Killed)) throw error; // nobody sees a dead page
    });
  });
  await Promise.all([time.loadTime(), account.loadAccount(), status.loadStatus(), records.paintAll()]);
  return page;
}

/** Give the phone to a person, with an enrolled key. */
export async function enrol({ db, keys, account }: Page, person = 'person-1'): Promise<string> {
  const device = { ...(await keys.newDevice()), enrolled: true };
  await db.writing(async (tx) => {
    const profile = { name: 'An', role: 'resident' as const, unit: null, credential: 'cred', signedOut: false };
    await db.setMeta(tx, 'account', { id: person, ...profile });
    await db.setMeta(tx, 'device', device);
  });
  await account.loadAccount();
  return device.id;
}

/** Change a record without waking the loop, so that the test says when to exchange. */
export async function write(page: Page, kind: string, id: string, values: Record<string, Value>): Promise<void> {
  await page.db.writing((tx) => page.outbox.put(tx, [kind, id], values, 1));
  await page.records.paint([[kind, id]]);
}

/** Count steps from now on, and kill the page at one of them. */
export function setFate(dies: number): Fate {
  fate = { step: 0, dies };
  return fate;
}

export function values(page: Page, kind: string, id: string): Record<string, Value> | undefined {
  return page.records.record(kind, id).peek()?.values;
}

function dies(): boolean {
  fate.step += 1;
  return fate.step === fate.dies;
}

async function answer(path: string, init: RequestInit): Promise<Response> {
  if (dies() || network.cut === 'before') throw new TypeError('expected a network');
  const body: unknown = typeof init.body === 'string' ? JSON.parse(init.body) : null;
  const route = routes.get(path);
  const answered: { status: number; body: unknown; headers?: Record<string, string> } =
    route === undefined ? await server.sync(body as never) : route(body);
  if (dies() || network.cut === 'after') throw new TypeError('expected a network');
  const { status, body: said, headers = {} } = answered;
  if (said instanceof Uint8Array) return new Response(new Uint8Array(said).buffer, { status });
  return new Response(status === 204 ? null : JSON.stringify(said), { status, headers });
}

/** Web Locks as far as they are used here: one holder at a time, in the order of asking. */
function locks() {
  const tails = new Map<string, Promise<unknown>>();
  return {
    request<T>(name: string, job: () => Promise<T>): Promise<T> {
      const turn = (tails.get(name) ?? Promise.resolve()).then(job, job);
      tails.set(name, turn);
      return turn;
    },
  };
}
