/** What a guard's phone trusts: the keys of the trust list, and the status lists that they signed. */

import { CodeError, hex } from '../../codes/base.ts';
import { type Fields, jwkOf, openJws, signedBy } from '../../codes/jws.ts';
import { deviceId, importKey, type Jwk, thumbprint, thumbprintBytes } from '../../codes/keys.ts';
import { unbase64url } from '../../sync/batch.ts';
import { type Bytes, isArray, isObject, type Value } from '../../sync/canonical.ts';
import { Invalid, refuse } from '../../sync/limits.ts';

const BITS: readonly Value[] = [1, 2, 4, 8];
const SUBJECT = /^(.*)\/statuslists\/([^/]*)$/s;
/** Bytes of a list once inflated; a few kilobytes of zeros would fill the memory of a phone. */
const MOST = 4 * 1024 * 1024;

/** A unit's key, ready to verify with, and the 4 bytes (hex) by which codes name it. `nbf` is ms since 1970. */
export interface Key {
  readonly kid4: string;
  readonly unit: string;
  readonly key: CryptoKey;
  readonly nbf: number;
}

/** A Token Status List (draft-ietf-oauth-status-list, section 4). Times are seconds since 1970. */
export interface StatusList {
  readonly iat: number;
  readonly exp: number;
  readonly bits: number;
  readonly bytes: Bytes;
}

/** Keys and lists whose signatures were verified. */
export interface OpenPack {
  readonly keys: readonly Key[];
  readonly lists: ReadonlyMap<string, StatusList>;
}

interface Trust {
  readonly keys: ReadonlyMap<string, Key & { readonly jwk: Jwk }>;
  readonly origins: ReadonlySet<string>;
}

/**
 * Verify a pack once, so that verdicts need not.
 *
 * `trust` is the trust list, which must be signed by the key whose RFC 7638 thumbprint is `root`, else there is no
 * pack. A status list whose form or signature does not hold is left out; of two for the same id the newer one counts.
 */
export async function openPack(trust: string, root: string, lists: Iterable<string>): Promise<OpenPack | null> {
  const trusted = await held(() => openTrust(trust, root));
  if (trusted === null) return null;
  const opened = new Map<string, StatusList>();
  for (const found of await Promise.all(Array.from(lists, (jwt) => held(() => openList(jwt, trusted)))))
    if (found !== null && !(found.iat <= (opened.get(found.id)?.iat ?? -1))) opened.set(found.id, found);
  return { keys: [...trusted.keys.values()], lists: opened };
}

/** Return the status at an index, or null past the end. The lowest bits of a byte come first. */
export function statusAt({ bits, bytes }: StatusList, index: number): number | null {
  const bit = index * bits;
  const byte = bytes[Math.floor(bit / 8)];
  return byte === undefined ? null : (byte >> (bit % 8)) & (2 ** bits - 1);
}

/** Bytes that are no signed list, no key or no zlib stream are as good as a wrong signature: null. */
async function held<T>(open: () => Promise<T>): Promise<T | null> {
  try {
    return await open();
  } catch (error) {
    if (error instanceof Invalid || error instanceof CodeError || error instanceof DOMException) return null;
    throw error;
  }
}

async function openTrust(text: string, root: string): Promise<Trust> {
  const trust = openJws(text, 'motcua-trust+jws');
  const key = jwkIn(trust.header);
  if ((await thumbprint(key)) !== root || !(await signedBy(trust, key)))
    refuse('json', "expected the trust list to be signed by the city's root key");
  const { keys, origins } = trust.payload;
  if (!isArray(keys) || !isArray(origins)) return refuse('json', 'expected keys and origins');
  const listed = await Promise.all(keys.map(keyOf));
  return { keys: new Map(listed), origins: new Set(origins.map(String)) };
}

async function keyOf(listed: Value): Promise<[string, Key & { jwk: Jwk }]> {
  if (!isObject(listed)) return refuse('json', 'expected a key');
  const jwk = jwkIn(listed);
  const id = deviceId(await thumbprint(jwk));
  if (listed.kid !== id || typeof listed.unit !== 'string')
    return refuse('json', 'expected a key to be listed under its own thumbprint');
  const kid4 = hex((await thumbprintBytes(jwk)).subarray(0, 4));
  return [id, { kid4, unit: listed.unit, key: await importKey(jwk), nbf: whole(listed.nbf), jwk }];
}

async function openList(jwt: string, { keys, origins }: Trust): Promise<StatusList & { readonly id: string }> {
  const signed = openJws(jwt, 'statuslist+jwt');
  const { kid } = signed.header;
  const key = typeof kid === 'string' ? keys.get(kid) : undefined;
  if (key === undefined || !(await signedBy(signed, key.jwk)))
    return refuse('json', 'expected the list to be signed by the key that it names');
  const { sub, iat, exp, status_list: list } = signed.payload;
  const [, origin = '', id = ''] = typeof sub === 'string' ? (SUBJECT.exec(sub) ?? []) : [];
  if (!origins.has(origin) || ![`invitation_${key.unit}`, `identity_${key.unit}`].includes(id))
    refuse('json', 'expected a list of this service, and of the unit that signed it');
  if (!isObject(list) || !BITS.includes(list.bits ?? null) || typeof list.lst !== 'string')
    return refuse('json', 'expected a status list');
  const bytes = await inflated(unbase64url(list.lst));
  return { id, iat: whole(iat), exp: whole(exp), bits: Number(list.bits), bytes };
}

/** Inflate one zlib stream; what is broken, too long or goes on after its end throws `Invalid`. */
async function inflated(data: Bytes): Promise<Bytes> {
  const reader = new Blob([data]).stream().pipeThrough(new DecompressionStream('deflate')).getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for (let part = await reader.read(); part.value !== undefined; part = await reader.read()) {
      parts.push(part.value);
      length += part.value.length;
      if (length > MOST) break;
    }
  } catch (error) {
    return refuse('json', `expected a zlib stream: ${String(error)}`);
  }
  if (length > MOST) {
    await reader.cancel();
    return refuse('json', `expected at most ${MOST} bytes`);
  }
  return new Uint8Array(await new Blob(parts as Bytes[]).arrayBuffer());
}

function jwkIn(fields: Fields): Jwk {
  const { jwk } = fields;
  const key = jwkOf(jwk);
  if (key === null || !isObject(jwk) || Object.keys(jwk).length !== 4) return refuse('json', 'expected a P-256 key');
  return key;
}

function whole(value: Value | undefined): number {
  return typeof value === 'number' && value >= 0 ? value : refuse('json', 'expected a time');
}
