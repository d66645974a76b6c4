/** Files on this phone: kept in encrypted chunks until they are on the server and nothing here needs them any more. */

import { base64url, unbase64url } from '../sync/batch.ts';
import type { Bytes } from '../sync/canonical.ts';
import { now } from './clock.ts';
import { type Chunk, reading, type StoredFile, writing } from './db.ts';
import { download } from './http.ts';
import { sha256 as hashOf } from './keys.ts';
import { Problem } from './problem.ts';
import { tell } from './tabs.ts';

/** An answer that is a file: what a draft and a signed document say of it. `len` in bytes, `sha256` in small hex. */
export interface FileAnswer {
  name: string;
  type: string;
  len: number;
  sha256: string;
}

/** The largest file, in bytes. */
export const LARGEST_FILE = 25 * 1024 * 1024;
const CHUNK = 256 * 1024;
const NONCE = 12;
const KEY = 32;
const NAME = 200;

/** Keep a file on this phone, to be sent. Resolves with the answer that names it, when it is durable. */
export async function attach(blob: Blob, { name, type }: { name: string; type: string }): Promise<FileAnswer> {
  if (blob.size === 0) throw new Problem('file_empty', false, 'expected a file with something in it');
  if (blob.size > LARGEST_FILE) throw new Problem('file_large', false, `expected at most ${LARGEST_FILE} bytes`);
  const data: Bytes = new Uint8Array(await blob.arrayBuffer());
  const answer = { name: fileName(name), type, len: data.length, sha256: hexOf(await hashOf(data)) };
  await keep(data, answer, false);
  return answer;
}

/** Return a file: from this phone, or from the server, which is kept here then. Null when neither has it for us. */
export async function fileOf(sha256: string, like: { name: string; type: string } | null = null): Promise<Blob | null> {
  const file = await reading((tx) => tx.objectStore('files').get(sha256));
  if (file !== undefined) return new Blob([await part(file, 0, file.len)], { type: file.type });
  let data: Bytes;
  try {
    data = await download(`/blobs/${sha256}`, () => undefined);
  } catch (error) {
    if (error instanceof Problem && error.code === 'not_found') return null;
    throw error;
  }
  if (hexOf(await hashOf(data)) !== sha256) throw new Problem('network', true, 'expected the bytes of this name');
  const { name, type } = like ?? { name: 'file', type: 'application/octet-stream' };
  await keep(data, { name, type, len: data.length, sha256 }, true);
  return new Blob([data], { type });
}

/** Return bytes of a file from `from` to before `to`. */
export async function part({ sha256, key }: StoredFile, from: number, to: number): Promise<Bytes> {
  const [first, last] = [Math.floor(from / CHUNK), Math.floor((to - 1) / CHUNK)];
  const chunks = await reading((tx) =>
    tx.objectStore('chunks').getAll(IDBKeyRange.bound([sha256, first], [sha256, last])),
  );
  const secret = await secretOf(key);
  const whole = new Uint8Array(to - from);
  for (const { index, data } of chunks) {
    const params = { name: 'AES-GCM', iv: new Uint8Array(data, 0, NONCE) };
    const plain = new Uint8Array(await crypto.subtle.decrypt(params, secret, new Uint8Array(data, NONCE)));
    const begins = index * CHUNK;
    const wanted = plain.subarray(Math.max(0, from - begins), to - begins);
    whole.set(wanted, Math.max(0, begins - from));
  }
  return whole;
}

async function keep(data: Bytes, answer: FileAnswer, isThere: boolean): Promise<void> {
  const { sha256, len } = answer;
  const key = base64url(crypto.getRandomValues(new Uint8Array(KEY)));
  const chunks = await encrypted(data, sha256, key);
  await stored(() =>
    writing(async (tx) => {
      const known = await tx.objectStore('files').get(sha256);
      const state = { sent: isThere ? len : (known?.sent ?? 0), whole: isThere || known?.whole === true };
      if (known !== undefined) await tx.objectStore('files').put({ ...known, ...state, failed: null, at: now() });
      else {
        await tx.objectStore('files').put({ ...answer, ...state, key, failed: null, at: now() });
        await Promise.all(chunks.map((chunk) => tx.objectStore('chunks').put(chunk)));
      }
    }),
  );
  await tell({ records: [], account: false });
}

async function encrypted(data: Bytes, sha256: string, key: string): Promise<Chunk[]> {
  const secret = await secretOf(key);
  const count = Math.ceil(data.length / CHUNK);
  return Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const iv = crypto.getRandomValues(new Uint8Array(NONCE));
      const plain = data.subarray(index * CHUNK, (index + 1) * CHUNK);
      const body = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, secret, plain);
      const chunk = new Uint8Array(NONCE + body.byteLength);
      chunk.set(iv);
      chunk.set(new Uint8Array(body), NONCE);
      return { sha256, index, data: chunk.buffer };
    }),
  );
}

function secretOf(key: string): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', unbase64url(key), 'AES-GCM', false, ['encrypt', 'decrypt']);
}

/** Store; where there is no room, what is kept only in case the server loses it goes first (SPEC.md B10). */
async function stored<T>(job: () => Promise<T>): Promise<T> {
  try {
    return await job().catch(async (error: unknown) => {
      if (!(error instanceof DOMException && error.name === 'QuotaExceededError')) throw error;
      const { makeRoom } = await import('./orphans.ts');
      if ((await makeRoom()) === 0) throw error;
      return job();
    });
  } catch (error) {
    if (error instanceof DOMException) throw new Problem('storage', true, error.message);
    throw error;
  }
}

/** The name alone, without what a text can hold that would look like another name. */
function fileName(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? '';
  // eslint-disable-next-line no-control-regex -- these are what is taken out
  const clean = last.normalize('NFC').replace(/[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]|\p{Surrogate}/gu, '');
  const letters = Array.from(clean.trim());
  return (letters.length > NAME ? letters.slice(-NAME) : letters).join('') || 'file';
}

function hexOf(data: Uint8Array): string {
  return Array.from(data, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
