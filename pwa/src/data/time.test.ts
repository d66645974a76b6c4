import { beforeEach, describe, expect, test } from 'vitest';

import type { Scan } from './db.ts';
import { enrol, openPage, type Page, routes, unbox } from './testing/phone.ts';
import { Server } from './testing/server.ts';

const HOUR = 3_600_000;
let server: Server;
let page: Page;

beforeEach(async () => {
  server = new Server();
  page = await unbox(server);
  await enrol(page);
});

describe('the time', () => {
  test('is unknown before the server has answered, and known from then on', async () => {
    expect(page.clock.trusted()).toBeNull();
    await page.exchange.exchange();
    expect(page.clock.trusted()?.low).toBeGreaterThanOrEqual(server.time);
    expect(page.clock.trusted()?.high).toBeLessThan(server.time + 5_000);
    expect(Math.abs(page.clock.now() - server.time)).toBeLessThan(5_000);
  });

  test('is known in the next page, and in another tab', async () => {
    const tab = await openPage();
    await page.exchange.exchange();
    await tab.time.loadTime();
    expect(tab.clock.trusted()?.low).toBeGreaterThanOrEqual(server.time);
    const next = await openPage();
    expect(next.clock.trusted()?.low).toBeGreaterThanOrEqual(server.time);
  });

  test('that a tab keeps is never earlier than what another has kept', async () => {
    await page.exchange.exchange();
    const tab = await openPage();
    server.time += HOUR;
    await tab.exchange.exchange();
    await page.time.saveTime();
    const kept = await page.db.reading((tx) => page.db.meta(tx, 'time'));
    expect(kept?.low).toBeGreaterThanOrEqual(server.time);
    expect(page.clock.trusted()?.low).toBeGreaterThanOrEqual(server.time);
  });

  test('stays when the person leaves the phone', async () => {
    await page.exchange.exchange();
    routes.set('/auth/signout', () => ({ status: 204, body: null }));
    await page.account.signOut();
    expect((await openPage()).clock.trusted()?.low).toBeGreaterThanOrEqual(server.time);
  });
});

describe('the guard’s log', () => {
  const scan = (id: string, at: number): Scan => ({
    id,
    at,
    word: 'REFUSE',
    reason: 'used',
    way: 'in',
    name: 'Nguyễn Văn An',
    subject: null,
    checkin: null,
  });

  test('shows the last day, newest first, and keeps nothing older', async () => {
    await page.exchange.exchange();
    await page.scans.logScan(scan('s1', server.time));
    await page.scans.logScan(scan('s2', server.time + HOUR));
    expect(page.scans.scans.peek().map(({ id }) => id)).toEqual(['s2', 's1']);
    server.time += 24 * HOUR + 60_000;
    await page.exchange.exchange();
    await page.scans.logScan(scan('s3', server.time));
    expect(page.scans.scans.peek().map(({ id }) => id)).toEqual(['s3', 's2']);
    expect(await page.db.reading((tx) => tx.objectStore('scans').getAllKeys())).toEqual(['s2', 's3']);
  });
});
