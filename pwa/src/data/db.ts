/** What this phone keeps, in IndexedDB. Base (what the server has) and changes (what it has not) stand apart. */

import { type DBSchema, type IDBPDatabase, type IDBPTransaction, openDB } from 'idb';

import type * as rows from './rows.ts';
import { overStore } from './sealed.ts';
import { isReadyFor, type StoredVault } from './vault.ts';
import type * as doors from './vaultdoor.ts';

export type * from './rows.ts';

interface Schema extends DBSchema {
  meta: { key: string; value: rows.Meta[keyof rows.Meta] };
  base: { key: [string, string]; value: rows.Base };
  cursors: { key: string; value: { feed: string; seq: number } };
  changes: {
    key: number;
    value: rows.Unsent;
    indexes: { record: [string, string]; batch: number };
  };
  batches: { key: number; value: rows.Sealed };
  attention: { key: number; value: rows.Refused };
  holders: { key: string; value: rows.Holder };
  seen: { key: string; value: rows.Seen };
  scans: { key: string; value: rows.Scan; indexes: { at: number } };
  heard: { key: string; value: rows.Heard };
  files: { key: string; value: rows.StoredFile };
  chunks: { key: [string, number]; value: rows.Chunk };
}

export const STORES = [
  'meta',
  'base',
  'cursors',
  'changes',
  'batches',
  'attention',
  'holders',
  'seen',
  'scans',
  'heard',
  'files',
  'chunks',
] as const;
type Transaction<M extends IDBTransactionMode> = IDBPTransaction<Schema, typeof STORES, M>;
/** A transaction as its users have it. What is personal is sealed on its way in and opened on its way out. */
export type Writing = Pick<Transaction<'readwrite'>, 'objectStore'>;
export type Reading = Pick<Transaction<'readonly'>, 'objectStore'> | Writing;

/** One function for each version of the schema; only ever add to the end. */
const MIGRATIONS: readonly ((db: IDBPDatabase<Schema>) => void)[] = [
  (db) => {
    db.createObjectStore('meta');
    db.createObjectStore('base', { keyPath: ['kind', 'id'] });
    db.createObjectStore('cursors', { keyPath: 'feed' });
    const changes = db.createObjectStore('changes', { keyPath: 'number', autoIncrement: true });
    changes.createIndex('record', ['kind', 'id']);
    changes.createIndex('batch', 'batch');
    db.createObjectStore('batches', { keyPath: 'seq' });
    db.createObjectStore('attention', { keyPath: 'id', autoIncrement: true });
  },
  (db) => {
    db.createObjectStore('holders', { keyPath: 'jkt' });
    db.createObjectStore('seen', { keyPath: 'unit' });
    db.createObjectStore('scans', { keyPath: 'id' }).createIndex('at', 'at');
    db.createObjectStore('heard', { keyPath: 'id' });
  },
  (db) => {
    db.createObjectStore('files', { keyPath: 'sha256' });
    db.createObjectStore('chunks', { keyPath: ['sha256', 'index'] });
  },
];

let opened: Promise<IDBPDatabase<Schema>> | null = null;

/** Open the database, once. A newer version of the app in another tab closes it; it opens again when next used. */
export function database(): Promise<IDBPDatabase<Schema>> {
  opened ??= openDB<Schema>('motcua', MIGRATIONS.length, {
    upgrade(db, from) {
      for (const migrate of MIGRATIONS.slice(from)) migrate(db);
    },
    blocking: () => void close(),
    terminated: () => (opened = null),
  });
  opened.catch(() => (opened = null));
  return opened;
}

export async function close(): Promise<void> {
  const db = opened;
  opened = null;
  (await db)?.close();
}

/** Read in one transaction. */
export async function reading<T>(job: (tx: Reading) => Promise<T>): Promise<T> {
  return job(throughVault(await begun('readonly')));
}

/**
 * Write in one transaction; what `job` returns is durable when this resolves, and nothing is when it rejects.
 * `job` may await nothing but the transaction's own requests.
 */
export async function writing<T>(job: (tx: Writing) => Promise<T>): Promise<T> {
  const tx = await begun('readwrite');
  return finished(tx, () => job(throughVault(tx)));
}

/** Write as `writing` does, past the vault: to whoever changes its key. */
export async function writingRaw<T>(job: (tx: Transaction<'readwrite'>) => Promise<T>): Promise<T> {
  const tx = (await database()).transaction(STORES, 'readwrite', { durability: 'strict' });
  return finished(tx, () => job(tx));
}

async function finished<T>(tx: Transaction<'readwrite'>, job: () => Promise<T>): Promise<T> {
  try {
    const result = await job();
    await tx.done;
    return result;
  } catch (error) {
    tx.done.catch(() => undefined); // told below
    try {
      tx.abort();
    } catch {
      // it has ended already
    }
    throw error;
  }
}

/** Begin a transaction for which the vault is ready, which another tab may have given a new key. */
async function begun<M extends IDBTransactionMode>(mode: M): Promise<Transaction<M>> {
  for (;;) {
    const tx = (await database()).transaction(STORES, mode, { durability: 'strict' });
    const meta = tx.objectStore('meta');
    const stored = (await meta.get('vault')) as StoredVault | undefined;
    const needed = stored !== undefined || (await meta.get('account')) !== undefined;
    if (needed ? stored !== undefined && isReadyFor(stored) : isReadyFor(undefined)) return tx;
    // Many transactions may be waiting for it; it is opened once.
    opening ??= vaultDoor()
      .then(({ openVault }) => openVault(needed, stored))
      .finally(() => (opening = null));
    await opening;
  }
}

let opening: Promise<void> | null = null;

let door: Promise<typeof doors> | null = null;

/** Load what opens the vault; a phone without a person on it does without. */
export function vaultDoor(): Promise<typeof doors> {
  door ??= import('./vaultdoor.ts');
  door.catch(() => (door = null)); // no network, and not yet kept here
  return door;
}

function throughVault<M extends IDBTransactionMode>(tx: Transaction<M>): Pick<Transaction<M>, 'objectStore'> {
  return { objectStore: (name) => overStore(tx.objectStore(name), name) };
}

export async function meta<K extends keyof rows.Meta>(tx: Reading, name: K): Promise<rows.Meta[K] | undefined> {
  return (await tx.objectStore('meta').get(name)) as rows.Meta[K] | undefined;
}

export async function setMeta<K extends keyof rows.Meta>(tx: Writing, name: K, value: rows.Meta[K]): Promise<void> {
  await tx.objectStore('meta').put(value, name);
}

export async function standing(tx: Reading): Promise<rows.Standing> {
  return (await meta(tx, 'standing')) ?? { epoch: null, sentAt: null };
}
