/** The server's blobs for tests, and the modules of a page that are loaded only with files. */

import { createHash } from 'node:crypto';

import { vi } from 'vitest';

import { network, type Page } from './phone.ts';

/** Blobs as a server keeps them. The link is cut after each `cutAfter` requests have gone through. */
export interface BlobServer {
  kept: Map<string, Uint8Array>;
  parts: Map<string, Uint8Array>;
  /** Bytes that came, each time they came. */
  received: number;
  cutAfter: number;
  /** The code with which every request is refused. */
  refuses: string | null;
}

const STATUS: Readonly<Record<string, number>> = { signed_out: 401, blob_size: 413 };

/** Answer requests for blobs; all others as before. */
export function blobs(): BlobServer {
  const server: BlobServer = {
    kept: new Map(),
    parts: new Map(),
    received: 0,
    cutAfter: Infinity,
    refuses: null,
  };
  let requests = 0;
  const others = fetch;
  vi.stubGlobal('fetch', async (path: string, init: RequestInit & { headers?: Record<string, string> }) => {
    const name = /^\/blobs\/(\w+)$/.exec(path)?.[1];
    if (name === undefined) return others(path, init);
    requests += 1;
    if (network.cut === 'before' || requests > server.cutAfter) throw new TypeError('expected a network');
    return answer(server, name, init);
  });
  return server;
}

function answer(server: BlobServer, name: string, init: RequestInit & { headers?: Record<string, string> }): Response {
  const whole = server.kept.get(name);
  if (init.method === undefined) {
    if (whole === undefined) return problem('not_found', 404);
    return new Response(new Uint8Array(whole));
  }
  if (server.refuses !== null) return problem(server.refuses, STATUS[server.refuses] ?? 400);
  if (whole !== undefined) return where(whole.length, true);
  const have = server.parts.get(name) ?? new Uint8Array();
  if (init.method === 'HEAD') return where(have.length, false);
  if (Number(init.headers?.['Upload-Offset']) !== have.length) return problem('blob_offset', 409);
  const data = new Uint8Array([...have, ...(init.body as Uint8Array)]);
  server.received += data.length - have.length;
  if (data.length < Number(init.headers?.['Upload-Length'])) {
    server.parts.set(name, data);
    return where(data.length, false);
  }
  server.parts.delete(name);
  if (createHash('sha256').update(data).digest('hex') !== name) return problem('blob_hash', 422);
  server.kept.set(name, data);
  return where(data.length, true);
}

function where(offset: number, whole: boolean): Response {
  const headers = { 'Upload-Offset': String(offset), 'Upload-Complete': whole ? '?1' : '?0' };
  return new Response(null, { status: 204, headers });
}

function problem(code: string, status: number): Response {
  return Response.json({ code, retry: code === 'blob_offset' || code === 'signed_out' }, { status });
}

/** The modules of this page that send and keep files. To be called before another page is opened. */
export async function withFiles({ tabs, status }: Page) {
  const [uploads, orphans] = await Promise.all([import('../uploads.ts'), import('../orphans.ts')]);
  tabs.onNews(() => status.loadStatus());
  return { uploads, orphans };
}
