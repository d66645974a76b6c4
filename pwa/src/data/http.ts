/** Requests to the server. */

import { Problem } from './problem.ts';

/** Slow networks are usual here; a request that takes longer than this has been lost. */
const PATIENCE = 90_000;

/** Send JSON and return the JSON that comes, or null without any. Every failure is a `Problem`. */
export async function call(method: 'GET' | 'POST', path: string, body?: unknown): Promise<unknown> {
  const { status, text } = await ask(method, path, body);
  const data = parsed(text);
  if (status < 300) {
    if (text !== '' && data === undefined) throw new Problem('network', true, `expected JSON from ${path}`);
    return data ?? null;
  }
  const { code, retry, detail } = Object(data) as { code?: unknown; retry?: unknown; detail?: unknown };
  if (typeof code === 'string') {
    throw new Problem(code, retry === true, typeof detail === 'string' ? detail : `status ${status}`);
  }
  // A gateway in between answered, not the service.
  throw new Problem('unavailable', true, `expected a problem from ${path}, got status ${status}`);
}

async function ask(method: string, path: string, body: unknown): Promise<{ status: number; text: string }> {
  const init: RequestInit = { method, signal: AbortSignal.timeout(PATIENCE), credentials: 'same-origin' };
  if (body !== undefined) {
    init.body = JSON.stringify(body);
    init.headers = { 'Content-Type': 'application/json' };
  }
  try {
    const response = await fetch(path, init);
    return { status: response.status, text: await response.text() };
  } catch (error) {
    throw new Problem('network', true, String(error));
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
