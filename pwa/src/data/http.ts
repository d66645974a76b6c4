/** Requests to the server. */

import type { Bytes } from '../sync/canonical.ts';
import { Problem } from './problem.ts';

/** Slow networks are usual here; a request that takes longer than this has been lost. */
const PATIENCE = 90_000;
/** What is downloaded may be larger. */
const LONG_PATIENCE = 5 * 60_000;

/** Send JSON or the parts of a form; return the JSON that comes, or null without any. Every failure is a `Problem`. */
export async function call(method: 'GET' | 'POST', path: string, body?: unknown): Promise<unknown> {
  const init: RequestInit = { method, signal: AbortSignal.timeout(PATIENCE) };
  if (body instanceof FormData) {
    init.body = body;
  } else if (body !== undefined) {
    init.body = JSON.stringify(body);
    init.headers = { 'Content-Type': 'application/json' };
  }
  const { status, text, after } = await reached(async () => {
    const response = await fetch(path, { ...init, credentials: 'same-origin' });
    return { status: response.status, text: await response.text(), after: retryAfter(response) };
  });
  const data = parsed(text);
  if (status >= 300) throw refusal(path, { status, after }, data);
  if (text !== '' && data === undefined) throw new Problem('network', true, `expected JSON from ${path}`);
  return data ?? null;
}

/**
 * Download bytes, of which no copy stays in the browser's cache; `onProgress` is told how many have come. Every failure
 * is a `Problem`.
 */
export async function download(path: string, onProgress: (received: number) => void): Promise<Bytes> {
  const signal = AbortSignal.timeout(LONG_PATIENCE);
  return reached(async () => {
    const response = await fetch(path, { signal, credentials: 'same-origin', cache: 'no-store' });
    if (!response.ok || response.body === null) throw await refused(path, response);
    const reader = response.body.getReader();
    const parts: Uint8Array[] = [];
    let received = 0;
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      parts.push(part.value);
      received += part.value.length;
      onProgress(received);
    }
    return new Uint8Array(await new Blob(parts as Bytes[]).arrayBuffer());
  });
}

/**
 * How much of a blob the server has from us, and whether that is all of it. `known` is how much of a part had come
 * before: the link was cut, and the browser sent the part again without a word.
 */
export interface BlobState {
  sent: number;
  whole: boolean;
  known: number;
}

/** A part is small; one that takes longer than this is lost. */
const PART_PATIENCE = 45_000;

/** Ask how much of a blob has arrived (SPEC.md A1). */
export function askBlob(sha256: string, signal: AbortSignal): Promise<BlobState> {
  return blob(sha256, { method: 'HEAD' }, signal);
}

/** Append to a blob of `length` bytes. */
export function appendBlob(
  sha256: string,
  data: Bytes,
  { offset, length, signal }: { offset: number; length: number; signal: AbortSignal },
): Promise<BlobState> {
  const headers = { 'Upload-Offset': String(offset), 'Upload-Length': String(length) };
  return blob(sha256, { method: 'PATCH', headers, body: data }, signal);
}

async function blob(sha256: string, init: RequestInit, stop: AbortSignal): Promise<BlobState> {
  const path = `/blobs/${sha256}`;
  const signal = AbortSignal.any([stop, AbortSignal.timeout(PART_PATIENCE)]);
  return reached(async () => {
    const response = await fetch(path, { ...init, signal, credentials: 'same-origin', cache: 'no-store' });
    // The answer to HEAD has no words.
    if (response.status === 401) throw new Problem('signed_out', true, 'expected a session');
    if (!response.ok) throw await refused(path, response);
    const sent = Number(response.headers.get('Upload-Offset') ?? Number.NaN);
    if (!Number.isSafeInteger(sent)) throw new Problem('network', true, `expected Upload-Offset from ${path}`);
    const known = Number(response.headers.get('Upload-Known') ?? 0);
    return { sent, whole: response.headers.get('Upload-Complete') === '?1', known };
  });
}

/** Run a request; whatever keeps it from being answered is a `network` problem. */
async function reached<T>(request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw new Problem('network', true, String(error));
  }
}

async function refused(path: string, response: Response): Promise<Problem> {
  const { status } = response;
  return refusal(path, { status, after: retryAfter(response) }, parsed(await response.text()));
}

/** Longer than this no server is taken at its word, in ms. */
const LONGEST = 10 * 60_000;

/** Return the ms that `Retry-After` asks for (RFC 9110 10.2.3), or 0; dates are not heeded, for clocks differ. */
function retryAfter({ headers }: Response): number {
  const seconds = headers.get('Retry-After') ?? '';
  return /^\d{1,9}$/.test(seconds) ? Math.min(LONGEST, Number(seconds) * 1000) : 0;
}

function refusal(path: string, { status, after }: { status: number; after: number }, data: unknown): Problem {
  const { code, retry, detail } = Object(data) as { code?: unknown; retry?: unknown; detail?: unknown };
  if (typeof code === 'string') {
    return new Problem(code, retry === true, typeof detail === 'string' ? detail : `status ${status}`, after);
  }
  // A gateway in between answered, not the service.
  return new Problem('unavailable', true, `expected a problem from ${path}, got status ${status}`, after);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
