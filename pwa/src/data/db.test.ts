import { openDB } from 'idb';
import { expect, test } from 'vitest';

import { openPage, unbox } from './testing/phone.ts';
import { Server } from './testing/server.ts';

test('a phone that had version 1 keeps all of it, and has room for a gate', async () => {
  let page = await unbox(new Server());
  await page.db.close();
  indexedDB.deleteDatabase('motcua');
  const old = await openDB('motcua', 1, {
    upgrade(db) {
      db.createObjectStore('meta');
      db.createObjectStore('base', { keyPath: ['kind', 'id'] });
      db.createObjectStore('cursors', { keyPath: 'feed' });
      const changes = db.createObjectStore('changes', { keyPath: 'number', autoIncrement: true });
      changes.createIndex('record', ['kind', 'id']);
      changes.createIndex('batch', 'batch');
      db.createObjectStore('batches', { keyPath: 'seq' });
      db.createObjectStore('attention', { keyPath: 'id', autoIncrement: true });
    },
  });
  const account = { id: 'p1', name: 'An', role: 'resident', unit: null, credential: 'c', signedOut: false };
  await old.put('meta', account, 'account');
  await old.put('meta', { epoch: 'e', sentAt: 5, offset: 70 }, 'standing');
  await old.put('cursors', { feed: 'public', seq: 3 });
  old.close();

  page = await openPage();
  expect(page.account.me.peek()).toMatchObject({ id: 'p1', role: 'resident' });
  expect(page.status.status.peek().sentAt).toBe(5);
  const stores = await page.db.reading(async (tx) => ({
    cursors: await tx.objectStore('cursors').getAll(),
    holders: await tx.objectStore('holders').count(),
    seen: await tx.objectStore('seen').count(),
    scans: await tx.objectStore('scans').count(),
  }));
  expect(stores).toEqual({ cursors: [{ feed: 'public', seq: 3 }], holders: 0, seen: 0, scans: 0 });
});
