import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { enrol, type Page, unbox, write } from './testing/phone.ts';
import { Server } from './testing/server.ts';

let server: Server;
let page: Page;

beforeEach(async () => {
  server = new Server();
  page = await unbox(server);
  await enrol(page);
  await write(page, 'draft', 'd1', { 'answer/name': 'An' });
  vi.spyOn(Math, 'random').mockReturnValue(0);
});

afterEach(() => vi.restoreAllMocks());

/** Let the phone be told to come again in a second; return when that was, in ms. */
async function refused(): Promise<number> {
  server.busy = 1;
  page.loop.wake();
  await vi.waitFor(() => expect(page.loop.trouble.peek()).toBe('busy'));
  server.busy = null;
  return Date.now();
}

test('T4 whatever calls for an exchange waits as long as the server has asked for', async () => {
  const told = await refused();
  page.loop.wake();
  page.loop.wakeSoon();
  await vi.waitFor(() => expect(server.taken).toHaveLength(1), { timeout: 5_000 });
  expect(Date.now() - told).toBeGreaterThanOrEqual(950);
  expect(server.requests).toHaveLength(2);
  await vi.waitFor(() => expect(page.loop.trouble.peek()).toBeNull());
});

test('T4 a person who asks for it is not made to wait', async () => {
  const told = await refused();
  await page.loop.exchanged();
  expect(server.taken).toHaveLength(1);
  expect(Date.now() - told).toBeLessThan(950);
});

test('T2 a server that is busy is no reason for attention', async () => {
  await refused();
  const [waits, attention] = await page.db.reading(async (tx) => [
    await tx.objectStore('changes').getAll(),
    await tx.objectStore('attention').getAll(),
  ]);
  expect(waits).toHaveLength(1);
  expect(attention).toEqual([]);
  await page.loop.exchanged();
});
