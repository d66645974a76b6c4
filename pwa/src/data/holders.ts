/** Holder keys: what makes a credential or a claimed invitation this phone's alone. They never leave it. */

import type { Bytes } from '../sync/canonical.ts';
import { now } from './clock.ts';
import { type Holder as Stored, reading, writing } from './db.ts';
import { newKey, sign, thumbprint } from './keys.ts';
import { keepStorage } from './persist.ts';
import { Problem } from './problem.ts';

/** What a key is for: a claimed invitation, or an identity in one of its profiles. */
export type Purpose = Stored['purpose'];

/** A key without its private half. `jkt` is the RFC 7638 thumbprint, 43 characters; `at` when it was made, in ms. */
export type Holder = Readonly<Omit<Stored, 'key'>>;

/** Make a key; it is durable on this phone when this resolves. */
export async function newHolder(purpose: Purpose): Promise<Holder> {
  const { key, jwk } = await newKey();
  const made: Stored = { jkt: await thumbprint(jwk), key, jwk, purpose, at: now() };
  await writing((tx) => tx.objectStore('holders').add(made));
  void keepStorage();
  return withoutKey(made);
}

/** Return the keys of this phone, oldest first. */
export async function holders(): Promise<Holder[]> {
  const all = await reading((tx) => tx.objectStore('holders').getAll());
  return all.sort((a, b) => a.at - b.at || (a.jkt < b.jkt ? -1 : 1)).map(withoutKey);
}

/** Return a key of this phone, or null. */
export async function holder(jkt: string): Promise<Holder | null> {
  const found = await reading((tx) => tx.objectStore('holders').get(jkt));
  return found === undefined ? null : withoutKey(found);
}

/** Sign with ES256; the signature is r||s. Throws `holder_missing` when the key is not on this phone. */
export async function signWith(jkt: string, input: Bytes): Promise<Bytes> {
  const found = await reading((tx) => tx.objectStore('holders').get(jkt));
  if (found === undefined) throw new Problem('holder_missing', false, `expected the holder key ${jkt} on this phone`);
  return sign(found.key, input);
}

/** Forget a key for ever. */
export async function dropHolder(jkt: string): Promise<void> {
  await writing((tx) => tx.objectStore('holders').delete(jkt));
}

function withoutKey({ jkt, jwk, purpose, at }: Stored): Holder {
  return { jkt, jwk, purpose, at };
}
