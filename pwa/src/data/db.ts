/** What this phone keeps, in IndexedDB. Base (what the server has) and changes (what it has not) stand apart. */

import { type DBSchema, type IDBPDatabase, type IDBPTransaction, openDB } from 'idb';

import type { Columns } from '../codes/columns.ts';
import type { Bytes, Value } from '../sync/canonical.ts';
import type { Change } from '../sync/change.ts';
import type { State } from '../sync/record.ts';
import type { KeptTime } from './clock.ts';

/** Kind and id of a record. */
export type Name = readonly [kind: string, id: string];

/** A record as the server has it, as far as this phone knows. `feeds` are those it stands in, all of `epoch`. */
export interface Base {
  kind: string;
  id: string;
  state: State;
  epoch: string | null;
  feeds: string[];
}

/** A change that the server has not acknowledged. `number` gives their order; `batch` is 0 until it is sealed. */
export interface Unsent extends Change {
  number: number;
  batch: number;
  /** It is sealed alone, to learn whether it is the one for which a batch was refused whole. */
  alone: boolean;
}

/** A sealed batch (SPEC.md B6, B7). `refused` are the indexes of the changes that were given back to the person. */
export interface Sealed {
  seq: number;
  prev: string;
  hash: string;
  jws: string;
  state: 'waiting' | 'kept';
  refused: number[];
}

/** Changes of one record that the server refused, kept until the person decides. */
export interface Refused {
  id: number;
  kind: string;
  record: string;
  values: Record<string, Value>;
  code: string;
  at: number;
}

export type Role = 'resident' | 'guard' | 'officer' | 'operator';

/** Whose phone this is. `credential` is the passkey last used here; `signedOut` is set by a 401. */
export interface Account {
  id: string;
  name: string;
  role: Role;
  unit: string | null;
  credential: string;
  signedOut: boolean;
}

/** This phone's key, and the end of its chain of batches. */
export interface Device {
  id: string;
  key: CryptoKey;
  jwk: { kty: string; crv: string; x: string; y: string };
  enrolled: boolean;
  seq: number;
  prev: string;
}

/** Where this phone stands with the server. */
export interface Standing {
  epoch: string | null;
  sentAt: number | null;
}

/** A key to which a credential or a claimed invitation is bound. It is named by its thumbprint (RFC 7638). */
export interface Holder {
  jkt: string;
  /** Never to be taken out of the browser. */
  key: CryptoKey;
  jwk: Device['jwk'];
  purpose: 'invitation' | 'gate' | 'age' | 'full';
  /** When it was made. */
  at: number;
}

/** The entrance that this phone looks after, and what was fetched for it. Times are the server's, in ms. */
export interface Gate {
  unit: string;
  place: number;
  bit: number;
  name: { vi: string; en: string };
  epoch: string;
  fetchedAt: number;
  /** The length of what came. */
  bytes: number;
  checkins: number;
  /** Device ids of the unit's guards. */
  guards: string[];
}

/** Check-ins of the last hours as the pack brought them. */
export interface Seen {
  unit: string;
  columns: Columns;
  /** Of each the last 3 bytes of its meeting's id, or zeros. */
  meeting: Bytes;
  /** Ids of those that were undone. */
  undone: string[];
}

/** What another guard's phone told of check-ins, without a network; `at` is when it did. */
export interface Heard {
  id: string;
  unit: string;
  at: number;
  columns: Columns;
  /** Ids of those that were undone. */
  undone: string[];
}

/** What the guard saw on this phone. It leaves the phone with nobody. */
export interface Scan {
  id: string;
  at: number;
  word: 'ADMIT' | 'CHECK' | 'REFUSE';
  reason: string;
  way: 'in' | 'out';
  /** What it was called on the screen. */
  name: string;
  subject: string | null;
  /** The check-in that came of it. */
  checkin: string | null;
}

export interface Meta {
  account: Account;
  device: Device;
  standing: Standing;
  gate: Gate;
  time: KeptTime;
  /** Thumbprint of the city's root key that was seen first (trust on first use). */
  root: string;
}

interface Schema extends DBSchema {
  meta: { key: string; value: Meta[keyof Meta] };
  base: { key: [string, string]; value: Base };
  cursors: { key: string; value: { feed: string; seq: number } };
  changes: {
    key: number;
    value: Unsent;
    indexes: { record: [string, string]; batch: number };
  };
  batches: { key: number; value: Sealed };
  attention: { key: number; value: Refused };
  holders: { key: string; value: Holder };
  seen: { key: string; value: Seen };
  scans: { key: string; value: Scan; indexes: { at: number } };
  heard: { key: string; value: Heard };
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
] as const;
export type Writing = IDBPTransaction<Schema, typeof STORES, 'readwrite'>;
export type Reading = IDBPTransaction<Schema, typeof STORES> | Writing;

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
  const tx = (await database()).transaction(STORES, 'readonly');
  return job(tx);
}

/**
 * Write in one transaction; what `job` returns is durable when this resolves, and nothing is when it rejects.
 * `job` may await nothing but the transaction's own requests.
 */
export async function writing<T>(job: (tx: Writing) => Promise<T>): Promise<T> {
  const tx = (await database()).transaction(STORES, 'readwrite', { durability: 'strict' });
  try {
    const result = await job(tx);
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

export async function meta<K extends keyof Meta>(tx: Reading, name: K): Promise<Meta[K] | undefined> {
  return (await tx.objectStore('meta').get(name)) as Meta[K] | undefined;
}

export async function setMeta<K extends keyof Meta>(tx: Writing, name: K, value: Meta[K]): Promise<void> {
  await tx.objectStore('meta').put(value, name);
}

export async function standing(tx: Reading): Promise<Standing> {
  return (await meta(tx, 'standing')) ?? { epoch: null, sentAt: null };
}
