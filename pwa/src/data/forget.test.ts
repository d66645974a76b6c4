import { beforeEach, expect, test } from 'vitest';

import { enrol, type Page, unbox, write } from './testing/phone.ts';
import { Server } from './testing/server.ts';

let server: Server;
let page: Page;

beforeEach(async () => {
  server = new Server();
  page = await unbox(server);
  await enrol(page);
});

const forgetSent = async (kind: string) => (await import('./forget.ts')).forgetSent(kind);
const bases = () => page.db.reading((tx) => tx.objectStore('base').getAllKeys());
/** As it is when the server puts a record into somebody else's feed. */
const standNowhere = (kind: string, id: string) =>
  page.db.writing(async (tx) => {
    const base = await tx.objectStore('base').get([kind, id]);
    if (base !== undefined) await tx.objectStore('base').put({ ...base, feeds: [] });
  });

test('what was sent about somebody else goes; what waits, what is in a feed and other kinds stay', async () => {
  for (const id of ['a', 'b']) await write(page, 'verification', id, { act: id });
  await write(page, 'draft', 'd', { procedure: 'birth' });
  await page.exchange.exchange();
  await standNowhere('verification', 'a');
  await standNowhere('draft', 'd');
  await write(page, 'verification', 'c', { act: 'c' });
  const before = await bases();
  expect(before).toContainEqual(['verification', 'a']);
  await forgetSent('verification');
  expect(await bases()).toEqual(before.filter(([kind, id]) => !(kind === 'verification' && id === 'a')));
  expect(page.records.record('verification', 'a').peek()).toBeUndefined();
  expect(page.records.record('verification', 'c').peek()?.unsent).toBe(true);
  await page.exchange.exchange();
  expect(server.shown('verification', 'c')).toEqual({ act: 'c' });
});
