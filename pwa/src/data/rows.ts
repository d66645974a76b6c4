/** What this phone keeps, row by row: the shapes of what stands in IndexedDB. */

import type { Columns } from '../codes/columns.ts';
import type { Bytes, Value } from '../sync/canonical.ts';
import type { Change } from '../sync/change.ts';
import type { State } from '../sync/record.ts';
import type { KeptTime } from './clock.ts';
import type { StoredVault } from './vault.ts';

/** Kind and id of a record. */
export type Name = readonly [kind: string, id: string];

/**
 * A record as the server has it, as far as this phone knows. `feeds` are those it stands in, all of `epoch`. One of an
 * older epoch is to be looked at; what of it the server has, nobody knows (SPEC.md F5).
 */
export interface Base {
  kind: string;
  id: string;
  state: State;
  epoch: string | null;
  feeds: string[];
  /** Nothing but this phone's own changes, which the server took: it was not pulled yet. */
  unpulled?: true;
}

/** A change that the server has not acknowledged. `number` gives their order; `batch` is 0 until it is sealed. */
export interface Unsent extends Change {
  number: number;
  batch: number;
  /** It is sealed alone, to learn whether it is the one for which a batch was refused whole. */
  alone: boolean;
  /** Files (SHA-256) without which it is not sealed: it, or what was written with it, names them (SPEC.md A3). */
  needs: readonly string[];
}

/**
 * A sealed batch (SPEC.md B6, B7). `refused` are the indexes of the changes that were given back to the person. Once it
 * was acknowledged, `files` are those of this phone that it names, and `at` is when that was, in ms by the server.
 */
export interface Sealed {
  seq: number;
  prev: string;
  hash: string;
  jws: string;
  state: 'waiting' | 'kept';
  refused: number[];
  files?: readonly string[];
  at?: number;
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

/** A file of this phone; its chunks are beside it. `sent` bytes are known to be on the server, all when `whole`. */
export interface StoredFile {
  sha256: string;
  len: number;
  sent: number;
  whole: boolean;
  /** The code of what keeps it from ever being sent. */
  failed: string | null;
  /** When it was last taken up, in ms. */
  at: number;
  name: string;
  type: string;
  /** Of its chunks, 32 bytes in base64url. */
  key: string;
}

/** A part of a file, encrypted: the nonce (12 bytes) and what AES-GCM made of it. */
export interface Chunk {
  sha256: string;
  index: number;
  data: ArrayBuffer;
}

export interface Meta {
  account: Account;
  device: Device;
  standing: Standing;
  gate: Gate;
  time: KeptTime;
  /** Thumbprint of the city's root key that was seen first (trust on first use). */
  root: string;
  vault: StoredVault;
  /** Nothing is uploaded until the person goes on. */
  paused: boolean;
}
