/** Bytes that are too many for one code, as a row of numbered codes (`MCX1:`) that are read in any order. */

import type { Bytes } from '../sync/canonical.ts';
import { decodeOnly, encodeText, hex, refuse } from './base.ts';
import { type Cbor, decode, encode, isBytes, same } from './cbor.ts';
import { hexId, whole } from './claims.ts';
import { sha256 } from './keys.ts';

/** So many bytes make a code that a phone reads from another phone's screen at once (version 14-M). */
const CHUNK = 300;
const SET = 4;
const MOST_CHUNKS = 64;

interface Chunk {
  readonly set: string;
  readonly index: number;
  readonly count: number;
  readonly data: Bytes;
}

/** What was read of one set of codes so far. */
export interface Joined {
  readonly set: string;
  readonly count: number;
  readonly parts: ReadonlyMap<number, Bytes>;
}

/** The most bytes that `chunkTexts` takes. */
export const MOST_BYTES = CHUNK * MOST_CHUNKS;

/** Return the texts of the codes that carry `data`, at most `MOST_BYTES`. The set is named by the data's hash. */
export async function chunkTexts(data: Bytes): Promise<string[]> {
  if (data.length > MOST_BYTES) refuse('malformed', `expected at most ${MOST_BYTES} bytes, got ${data.length}`);
  const set = (await sha256(data)).subarray(0, SET);
  const count = Math.max(1, Math.ceil(data.length / CHUNK));
  return Array.from({ length: count }, (_, index) =>
    encodeText('MCX1:', encode([set, index, count, data.subarray(index * CHUNK, (index + 1) * CHUNK)])),
  );
}

/** Join the code that was just read to those before. A code of another set starts anew. Throws `CodeError`. */
export function joinChunk(before: Joined | null, text: string): Joined {
  const { set, index, count, data } = readChunk(text);
  if (before?.set !== set) return { set, count, parts: new Map([[index, data]]) };
  const known = before.parts.get(index);
  if (before.count !== count || (known !== undefined && !same(known, data)))
    return refuse('malformed', 'expected codes of one set to agree');
  return known === undefined ? { ...before, parts: new Map([...before.parts, [index, data]]) } : before;
}

/** Return the bytes once all codes were read, else null. Codes that were mixed up throw `CodeError('malformed')`. */
export async function joinedBytes({ set, count, parts }: Joined): Promise<Bytes | null> {
  if (parts.size < count) return null;
  const ordered = [...parts].sort(([a], [b]) => a - b).map(([, data]) => data);
  const data = Uint8Array.from(ordered.flatMap((part) => [...part]));
  if (hex((await sha256(data)).subarray(0, SET)) !== set) refuse('malformed', 'expected the bytes that name the set');
  return data;
}

function readChunk(text: string): Chunk {
  const parts = decode(decodeOnly('MCX1:', text));
  if (!Array.isArray(parts) || parts.length !== 4) return refuse('malformed', 'expected a chunk of four parts');
  const [set, index, count, data] = parts as readonly Cbor[];
  const total = whole(count, MOST_CHUNKS, 1);
  if (!isBytes(data)) return refuse('malformed', 'expected bytes');
  return { set: hexId(set, SET), index: whole(index, total - 1), count: total, data };
}
