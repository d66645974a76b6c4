import { openDB } from 'idb';
import { beforeEach, describe, expect, test } from 'vitest';

import { type Authenticator, plugIn } from './testing/authenticator.ts';
import { closePages, enrol, openPage, type Page, routes, unbox, values, write } from './testing/phone.ts';
import { Server } from './testing/server.ts';

const MARK = 'Đường ngập sâu 7f3a';
let page: Page;
let server: Server;

beforeEach(async () => {
  server = new Server();
  page = await unbox(server);
  await enrol(page);
});

/** All that IndexedDB has, as one text: bytes as letters, so that what is not sealed is found. */
async function raw(): Promise<string> {
  const db = await openDB('motcua');
  const rows = await Promise.all([...db.objectStoreNames].map((name) => db.getAll(name)));
  db.close();
  return JSON.stringify(rows, (_, value: unknown) => {
    if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
    return value instanceof Map ? [...(value as Map<unknown, unknown>)] : value;
  });
}

describe('what is personal', () => {
  test('stands nowhere in plain words, sent or not, refused or not', async () => {
    await write(page, 'draft', 'd1', { 'answer/what': MARK });
    expect(await raw()).not.toContain(MARK);
    await page.exchange.exchange();
    expect(server.shown('draft', 'd1')).toEqual({ 'answer/what': MARK });
    server.refuses = () => ({ code: 'key_unknown', retry: false });
    await write(page, 'draft', 'd2', { 'answer/what': `${MARK} 2` });
    await page.exchange.exchange();
    await page.status.loadStatus();
    expect(page.status.status.peek().attention[0]?.values).toEqual({ 'answer/what': `${MARK} 2` });
    const text = await raw();
    expect(text).not.toContain(MARK);
    expect(text).not.toContain('answer/what');
  });

  test('is read again by another tab, and after a restart', async () => {
    await write(page, 'draft', 'd1', { 'answer/what': MARK });
    const other = await openPage();
    expect(values(other, 'draft', 'd1')).toEqual({ 'answer/what': MARK });
  });

  test('is what stays plain no part of: forms, and the check-ins of a gate', async () => {
    server.write('form', 'f1', 'form', 'Mẫu đơn', 'server', 'public');
    await page.exchange.exchange();
    await write(page, 'checkin', 'c1', { checkin: 'vào' });
    const text = await raw();
    expect(text).toContain('Mẫu đơn');
    expect(text).toContain('vào');
  });
});

describe('a phone from before', () => {
  test('has what stood in it plainly sealed, and loses nothing of it', async () => {
    await write(page, 'draft', 'd1', { 'answer/what': `${MARK} 1` });
    await page.exchange.exchange();
    server.refuses = () => ({ code: 'key_unknown', retry: false });
    await write(page, 'draft', 'd1', { 'answer/more': `${MARK} 2` });
    await page.exchange.exchange();
    await write(page, 'draft', 'd1', { 'answer/why': `${MARK} 3` });
    // As it was: everything plain, and no vault.
    await page.db.reading(async (tx) => {
      const plain = {
        base: await tx.objectStore('base').getAll(),
        changes: await tx.objectStore('changes').getAll(),
        batches: await tx.objectStore('batches').getAll(),
        attention: await tx.objectStore('attention').getAll(),
      };
      return structuredClone(plain);
    }).then(async (plain) => {
      await page.db.writingRaw(async (tx) => {
        for (const name of ['base', 'changes', 'batches', 'attention'] as const) {
          await tx.objectStore(name).clear();
          for (const row of plain[name]) await tx.objectStore(name).put(row);
        }
        await tx.objectStore('meta').delete('vault');
      });
    });
    expect(await raw()).toContain(MARK);

    page = await openPage();
    expect(values(page, 'draft', 'd1')).toEqual({ 'answer/what': `${MARK} 1`, 'answer/why': `${MARK} 3` });
    expect(page.status.status.peek().attention[0]?.values).toEqual({ 'answer/more': `${MARK} 2` });
    expect(await raw()).not.toContain(MARK);
    server.refuses = () => null;
    await page.exchange.exchange();
    expect(server.shown('draft', 'd1')).toEqual({ 'answer/what': `${MARK} 1`, 'answer/why': `${MARK} 3` });
  });

  test('gets one vault, though two tabs find it without', async () => {
    await page.db.writingRaw((tx) => tx.objectStore('meta').delete('vault'));
    await page.db.writingRaw((tx) => tx.objectStore('base').clear());
    const other = await openPage();
    await Promise.all([
      write(page, 'draft', 'd1', { 'answer/what': 'An' }),
      write(other, 'draft', 'd2', { 'answer/what': 'Bình' }),
    ]);
    await page.records.paintAll();
    expect(values(page, 'draft', 'd1')).toEqual({ 'answer/what': 'An' });
    expect(values(page, 'draft', 'd2')).toEqual({ 'answer/what': 'Bình' });
  });
});

describe('the lock', () => {
  const withLock = () => import('./lock.ts');
  let authenticator: Authenticator;
  beforeEach(async () => {
    authenticator = await plugIn('Y3JlZA');
    await page.db.writing(async (tx) => {
      const account = await page.db.meta(tx, 'account');
      await page.db.setMeta(tx, 'account', { ...account!, credential: 'Y3JlZA' });
    });
    await write(page, 'draft', 'd1', { 'answer/what': MARK });
    await write(page, 'checkin', 'c1', { checkin: 'vào' });
    server.write('form', 'f1', 'form', 'Mẫu đơn', 'server', 'public');
    await page.exchange.exchange();
    await write(page, 'draft', 'd1', { 'answer/why': `${MARK} 2` });
  });
  /** The same phone after its app was closed: no other tab has the key. */
  const closeAndOpen = async () => {
    closePages();
    page = await openPage();
  };

  test('shuts what is personal once the app was closed, and a passkey opens it again', async () => {
    const lock = await withLock();
    await lock.turnLockOn();
    expect(await lock.lockIsOn()).toBe(true);
    expect(values(page, 'draft', 'd1')).toMatchObject({ 'answer/what': MARK });
    await closeAndOpen();
    const { vault } = page;
    expect(vault.locked.peek()).toBe(true);
    expect(page.records.records('draft').peek()).toEqual([]);
    expect(values(page, 'form', 'f1')).toEqual({ form: 'Mẫu đơn' });
    expect(values(page, 'checkin', 'c1')).toEqual({ checkin: 'vào' });
    await (await withLock()).unlock();
    await page.records.paintAll();
    expect(values(page, 'draft', 'd1')).toEqual({ 'answer/what': MARK, 'answer/why': `${MARK} 2` });
    await page.exchange.exchange();
    expect(server.shown('draft', 'd1')).toEqual({ 'answer/what': MARK, 'answer/why': `${MARK} 2` });
  });

  test('while it is shut, nothing personal is written, sent or pulled, and a gate goes on', async () => {
    await (await withLock()).turnLockOn();
    await closeAndOpen();
    const before = server.requests.length;
    await expect(page.records.change('draft', 'd1', { 'answer/what': 'x' })).rejects.toMatchObject({
      code: 'vault_locked',
    });
    await page.records.change('checkin', 'c2', { checkin: 'ra' });
    expect(values(page, 'checkin', 'c2')).toEqual({ checkin: 'ra' });
    expect(await page.exchange.exchange()).toEqual({ later: false });
    expect(server.requests).toHaveLength(before);
    expect(page.status.status.peek().unsent).toBe(2);
  });

  test('another passkey, or no secret at all, opens nothing', async () => {
    await (await withLock()).turnLockOn();
    await closeAndOpen();
    authenticator.secret = new Uint8Array(32).fill(9);
    await expect((await withLock()).unlock()).rejects.toMatchObject({ code: 'vault_passkey' });
    authenticator.secret = null;
    await expect((await withLock()).unlock()).rejects.toMatchObject({ code: 'vault_passkey' });
    expect(page.vault.locked.peek()).toBe(true);
  });

  test('is not offered to be on where the passkey has no secret to give', async () => {
    authenticator.secret = null;
    await expect((await withLock()).turnLockOn()).rejects.toMatchObject({ code: 'prf_unsupported' });
    await closeAndOpen();
    expect(page.vault.locked.peek()).toBe(false);
    expect(values(page, 'draft', 'd1')).toMatchObject({ 'answer/what': MARK });
  });

  test('leaves neither the key nor the secret anywhere', async () => {
    await (await withLock()).turnLockOn();
    const stored = await page.db.reading((tx) => page.db.meta(tx, 'vault'));
    expect(Object.keys(stored!.by).sort()).toEqual(['credential', 'salt', 'way']);
    const letters = (data: Uint8Array) => Buffer.from(data).toString('latin1');
    const text = letters(stored!.wrapped);
    expect(text).not.toContain(letters(page.vault.key().raw));
    expect(text).not.toContain(letters(authenticator.secret!));
  });

  test('is given over to the other tabs, and taken off again', async () => {
    await (await withLock()).turnLockOn();
    const other = await openPage();
    expect(other.vault.locked.peek()).toBe(false);
    expect(values(other, 'draft', 'd1')).toMatchObject({ 'answer/what': MARK });
    await (await withLock()).turnLockOff();
    await closeAndOpen();
    expect(page.vault.locked.peek()).toBe(false);
    expect(values(page, 'draft', 'd1')).toMatchObject({ 'answer/what': MARK });
  });

  test('signing out wipes what is locked without opening it', async () => {
    await (await withLock()).turnLockOn();
    await closeAndOpen();
    routes.set('/auth/signout', () => ({ status: 204, body: null }));
    await page.account.signOut({ force: true });
    expect(page.vault.locked.peek()).toBe(false);
    expect(await raw()).not.toContain('d1');
    expect(values(page, 'form', 'f1')).toEqual({ form: 'Mẫu đơn' });
  });
});
