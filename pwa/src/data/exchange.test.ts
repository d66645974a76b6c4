import { beforeEach, describe, expect, test } from 'vitest';

import { importKey, verifyWith } from '../codes/keys.ts';
import * as batches from '../sync/batch.ts';
import { enrol, network, openPage, type Page, setFate, unbox, values, write } from './testing/phone.ts';
import { Server } from './testing/server.ts';

let server: Server;
let page: Page;
let device: string;

beforeEach(async () => {
  server = new Server();
  page = await unbox(server);
  device = await enrol(page);
});

const exchange = () => page.exchange.exchange();
const code = async (work: Promise<unknown>) => {
  try {
    await work;
    return null;
  } catch (error) {
    return (error as { code: string }).code;
  }
};
const unsent = () => page.db.reading((tx) => tx.objectStore('changes').getAll());
const kept = () => page.db.reading((tx) => tx.objectStore('batches').getAll());
const deviceNow = () => page.db.reading((tx) => page.db.meta(tx, 'device'));

describe('sending', () => {
  test('a change is on the server and in the base after an exchange', async () => {
    await write(page, 'draft', 'd1', { procedure: 'birth', 'answer/name': 'An' });
    expect(page.records.record('draft', 'd1').peek()?.unsent).toBe(true);
    expect(await exchange()).toEqual({ later: false });
    expect(server.shown('draft', 'd1')).toEqual({ procedure: 'birth', 'answer/name': 'An' });
    expect(page.records.record('draft', 'd1').peek()).toMatchObject({ unsent: false, values: { procedure: 'birth' } });
    expect(page.status.status.peek()).toMatchObject({ unsent: 0, sentAt: server.time, attention: [] });
  });

  test('a change that is not sealed is replaced by a later one of its register', async () => {
    await write(page, 'draft', 'd1', { 'answer/name': 'A', 'answer/place': 'Huế' });
    await write(page, 'draft', 'd1', { 'answer/name': 'An' });
    expect((await unsent()).map(({ key, value, n }) => [key, value, n])).toEqual([
      ['answer/place', 'Huế', 2],
      ['answer/name', 'An', 3],
    ]);
  });

  test('a change that is sealed is not replaced', async () => {
    await write(page, 'draft', 'd1', { 'answer/name': 'A' });
    network.cut = 'before';
    expect(await code(exchange())).toBe('network');
    await write(page, 'draft', 'd1', { 'answer/name': 'An' });
    network.cut = 'never';
    await exchange();
    expect(server.taken.map(({ value }) => value)).toEqual(['A', 'An']);
    expect(server.shown('draft', 'd1')).toEqual({ 'answer/name': 'An' });
  });

  test('a value that is shown already is not written again', async () => {
    await write(page, 'draft', 'd1', { 'answer/name': 'An' });
    await exchange();
    await write(page, 'draft', 'd1', { 'answer/name': 'An', 'answer/none': null });
    expect(await unsent()).toEqual([]);
  });

  test('B6 a retry sends the very same bytes', async () => {
    await write(page, 'draft', 'd1', { 'answer/name': 'An' });
    network.cut = 'before';
    expect(await code(exchange())).toBe('network');
    network.cut = 'after';
    expect(await code(exchange())).toBe('network');
    network.cut = 'never';
    page = await openPage();
    await exchange();
    const [lost, answered] = server.requests.map((request) => request.batches);
    expect(lost).toHaveLength(1);
    expect(answered).toEqual(lost);
    expect(server.taken).toHaveLength(1);
    expect(await unsent()).toEqual([]);
  });

  test('B1 more changes than a batch holds become a chain of batches', async () => {
    for (let n = 0; n < 3; n += 1) {
      const answers = Array.from({ length: 334 }, (_, index) => [`answer/q${index}`, 'x'] as const);
      await write(page, 'draft', `d${n}`, Object.fromEntries(answers));
    }
    await exchange();
    expect(server.chains.get(device)).toHaveLength(3);
    expect(server.taken).toHaveLength(1002);
  });

  test('F4 a record that leaves by the very change that is acknowledged does not stay', async () => {
    server.write('draft', 'd1', 'answer/name', 'An');
    await exchange();
    server.onTaken = ({ id }) => server.leave('draft', id);
    await write(page, 'draft', 'd1', { 'share/unit/1022': null, 'answer/name': 'Bình' });
    await exchange();
    await page.records.paintAll();
    expect(values(page, 'draft', 'd1')).toBeUndefined();
    expect(await page.db.reading((tx) => tx.objectStore('base').getAllKeys())).toEqual([]);
  });

  test('T3 two tabs that send at once send each change once', async () => {
    const other = await openPage();
    await write(page, 'draft', 'd1', { 'answer/name': 'An' });
    await write(other, 'draft', 'd2', { 'answer/name': 'Bình' });
    await Promise.all([exchange(), other.exchange.exchange()]);
    expect(server.taken).toHaveLength(2);
    expect(server.revoked.size).toBe(0);
  });
});

describe('answers', () => {
  test('B5 a refused change needs attention, and is made again when the person asks for it', async () => {
    server.refuses = ({ key }) => (key === 'answer/name' ? { code: 'value_shape', retry: false } : null);
    await write(page, 'draft', 'd1', { 'answer/name': 'An', 'answer/place': 'Huế' });
    await exchange();
    expect(values(page, 'draft', 'd1')).toEqual({ 'answer/place': 'Huế' });
    const [attention] = page.status.status.peek().attention;
    const expected = { kind: 'draft', record: 'd1', values: { 'answer/name': 'An' }, code: 'value_shape' };
    expect(attention).toMatchObject(expected);
    server.refuses = () => null;
    await page.status.retry(attention!);
    await exchange();
    expect(server.shown('draft', 'd1')).toEqual({ 'answer/name': 'An', 'answer/place': 'Huế' });
    expect(page.status.status.peek()).toMatchObject({ attention: [], unsent: 0 });
  });

  test('B5 refused changes can be given up', async () => {
    server.refuses = () => ({ code: 'value_shape', retry: false });
    await write(page, 'draft', 'd1', { 'answer/name': 'An' });
    await exchange();
    await page.status.discard(page.status.status.peek().attention[0]!);
    expect(page.status.status.peek().attention).toEqual([]);
  });

  test('T2 a change whose refusal time can mend stays shown and is tried again', async () => {
    server.refuses = () => ({ code: 'file_missing', retry: true });
    await write(page, 'draft', 'd1', { 'answer/name': 'An' });
    expect(await exchange()).toEqual({ later: true });
    expect(values(page, 'draft', 'd1')).toEqual({ 'answer/name': 'An' });
    server.refuses = () => null;
    expect(await exchange()).toEqual({ later: false });
    expect(server.shown('draft', 'd1')).toEqual({ 'answer/name': 'An' });
  });

  test('B3 an invalid batch loses nothing but the change that made it so', async () => {
    server.invalid = ({ value }) => (value === 'bad' ? 'value_shape' : null);
    await write(page, 'draft', 'd1', { 'answer/a': '1', 'answer/b': 'bad', 'answer/c': '3' });
    await exchange();
    expect(server.shown('draft', 'd1')).toEqual({ 'answer/a': '1', 'answer/c': '3' });
    expect(page.status.status.peek().attention).toMatchObject([{ values: { 'answer/b': 'bad' }, code: 'value_shape' }]);
    expect(await unsent()).toEqual([]);
  });

  test('B7 a server restored from a backup gets back what it had acknowledged', async () => {
    await write(page, 'draft', 'd1', { 'answer/a': '1' });
    await exchange();
    const restore = server.copy();
    await write(page, 'draft', 'd1', { 'answer/b': '2' });
    await exchange();
    restore();
    await write(page, 'draft', 'd1', { 'answer/c': '3' });
    await exchange();
    expect(server.shown('draft', 'd1')).toEqual({ 'answer/a': '1', 'answer/b': '2', 'answer/c': '3' });
    expect((await deviceNow())?.id).toBe(device);
  });

  test('B7 acknowledged batches go once a backup holds them', async () => {
    await write(page, 'draft', 'd1', { 'answer/a': '1' });
    await exchange();
    expect(await kept()).toHaveLength(1);
    server.backedUp = 1;
    await exchange();
    expect(await kept()).toEqual([]);
  });

  test('B7 a gap that nothing kept can fill starts a new chain, which loses nothing', async () => {
    await write(page, 'draft', 'd1', { 'answer/a': '1' });
    server.backedUp = 1;
    await exchange();
    server.chains.clear();
    await write(page, 'draft', 'd1', { 'answer/b': '2' });
    await exchange();
    expect((await deviceNow())?.id).not.toBe(device);
    expect(page.account.me.peek()?.device).toBeNull();
    expect(await unsent()).toMatchObject([{ key: 'answer/b', value: '2', batch: 0 }]);
  });

  test.each(['fork', 'revocation'])('B3 after a %s what is unacknowledged is made anew, by a new key', async (why) => {
    await write(page, 'draft', 'd1', { 'answer/name': 'An', 'answer/place': 'Huế' });
    await exchange();
    server.write('draft', 'd1', 'answer/name', 'Ân'); // unseen by this phone
    await write(page, 'draft', 'd1', { 'answer/name': 'Anh' });
    if (why === 'revocation') server.revoked.add(device);
    else server.chains.set(device, [...server.chains.get(device)!, { jws: '', hash: 'other', refused: [] }]);
    await exchange();
    const now = await deviceNow();
    expect(now).toMatchObject({ enrolled: false, seq: 0, prev: '' });
    expect(page.account.me.peek()).toMatchObject({ id: 'person-1', device: null });
    expect(values(page, 'draft', 'd1')).toEqual({ 'answer/name': 'Anh', 'answer/place': 'Huế' });

    await page.db.writing((tx) => page.db.setMeta(tx, 'device', { ...now!, enrolled: true }));
    await exchange();
    expect(server.shown('draft', 'd1')).toEqual({ 'answer/name': 'Anh', 'answer/place': 'Huế' });
    const { conflicts } = page.records.record('draft', 'd1').peek()!;
    expect(conflicts['answer/name']?.map(({ value }) => value)).toEqual(['Ân']);
    expect(await unsent()).toEqual([]);
  });

  test('B3 an act that had arrived before its chain was closed arrives once and needs no attention', async () => {
    await write(page, 'submission', 's1', { act: 'signed' });
    network.cut = 'after';
    expect(await code(exchange())).toBe('network');
    server.revoked.add(device);
    server.refuses = ({ kind, id }) =>
      server.states.has(`${kind} ${id}`) ? { code: 'record_closed', retry: false } : null;
    network.cut = 'never';
    await exchange();
    const anew = (await deviceNow())!;
    await page.db.writing((tx) => page.db.setMeta(tx, 'device', { ...anew, enrolled: true }));
    await exchange();
    expect(server.taken).toHaveLength(1);
    expect(page.status.status.peek()).toMatchObject({ attention: [], unsent: 0 });
  });

  test('a device that the server has lost keeps its key and its chain, and is enrolled again', async () => {
    await write(page, 'draft', 'd1', { 'answer/a': '1' });
    await exchange();
    server.unknown.add(device);
    await write(page, 'draft', 'd1', { 'answer/b': '2' });
    await exchange();
    expect(await deviceNow()).toMatchObject({ id: device, enrolled: false, seq: 2 });
  });
});

describe('pulling', () => {
  test('F3 pages are taken until there are no more', async () => {
    server.pageSize = 2;
    for (let n = 0; n < 7; n += 1) server.write('dossier', `s${n}`, 'code', `BT-${n}`, 'server');
    await exchange();
    const ids = page.records.records('dossier').peek().map(({ id }) => id);
    expect(ids).toEqual(['s0', 's1', 's2', 's3', 's4', 's5', 's6']);
  });

  test('F4 a record that leaves its feed goes', async () => {
    server.write('dossier', 's1', 'code', 'BT-1', 'server');
    await exchange();
    server.leave('dossier', 's1');
    await exchange();
    expect(page.records.record('dossier', 's1').peek()).toBeUndefined();
    expect(page.records.records('dossier').peek()).toEqual([]);
  });

  test('F4 a feed that may not be read any more takes its records with it', async () => {
    await page.db.writing(async (tx) => {
      const state = new Map();
      await tx.objectStore('cursors').put({ feed: 'unit/x', seq: 4 });
      await tx.objectStore('base').put({ kind: 'dossier', id: 's1', state, epoch: null, feeds: ['unit/x'] });
    });
    await page.records.paintAll();
    expect(page.records.records('dossier').peek()).toHaveLength(1);
    await exchange();
    expect(page.records.records('dossier').peek()).toEqual([]);
  });

  test('F5 another epoch starts cursors again and keeps the outbox; the server has its own last word', async () => {
    server.write('dossier', 's1', 'code', 'BT-2', 'server');
    await exchange();
    await write(page, 'draft', 'd1', { 'answer/name': 'An' });
    server.epoch = 'epoch-2';
    server.states.clear();
    server.entries = [];
    server.write('dossier', 's1', 'code', 'BT-1', 'server');
    await exchange();
    expect(values(page, 'dossier', 's1')).toEqual({ code: 'BT-1' });
    expect(server.shown('draft', 'd1')).toEqual({ 'answer/name': 'An' });
  });

  test('F7 what is unsent stays shown over what is pulled, and an unseen answer becomes a conflict', async () => {
    await write(page, 'draft', 'd1', { 'answer/name': 'An' });
    server.write('draft', 'd1', 'answer/name', 'Ân');
    server.write('draft', 'd1', 'answer/place', 'Huế');
    const own = (await deviceNow())!;
    await page.db.writing((tx) => page.db.setMeta(tx, 'device', { ...own, enrolled: false }));
    await exchange();
    const { values: shown, conflicts } = page.records.record('draft', 'd1').peek()!;
    expect(new Set([shown['answer/name'], conflicts['answer/name']?.[0]?.value])).toEqual(new Set(['An', 'Ân']));
    expect(shown['answer/place']).toBe('Huế');
  });

  test('without an account only what is public is kept', async () => {
    const session = server.person;
    page = await unbox(server);
    server.write('form', 'f1', 'form', '{}', 'server', 'public');
    server.write('dossier', 's1', 'code', 'BT-1', 'server');
    expect(session).not.toBeNull();
    await exchange();
    expect(page.records.records('form').peek()).toHaveLength(1);
    expect(page.records.records('dossier').peek()).toEqual([]);
  });

  test('a session that has ended is said, and nothing is lost', async () => {
    await write(page, 'draft', 'd1', { 'answer/name': 'An' });
    server.person = null;
    expect(await code(exchange())).toBe('signed_out');
    expect(page.account.signedOut.peek()).toBe(true);
    expect(values(page, 'draft', 'd1')).toEqual({ 'answer/name': 'An' });
    server.person = 'person-1';
    await exchange();
    expect(page.account.signedOut.peek()).toBe(false);
    expect(server.shown('draft', 'd1')).toEqual({ 'answer/name': 'An' });
  });
});

describe('G2 no loss', () => {
  test('a page that is killed at any step loses nothing, and sends nothing twice', async () => {
    for (let dies = 1, done = false; !done; dies += 1) {
      server = new Server();
      page = await unbox(server);
      device = await enrol(page);
      server.write('draft', 'd1', 'answer/place', 'Huế');
      const saved: Record<string, string> = {};
      const fate = setFate(dies);
      try {
        for (const [key, value] of [['answer/a', '1'], ['answer/b', '2'], ['answer/a', '3']] as const) {
          await page.db.writing((tx) => page.outbox.put(tx, ['draft', 'd1'], { [key]: value }, 1));
          saved[key] = value;
          if (key === 'answer/b') await page.exchange.exchange();
        }
        await page.exchange.exchange();
      } catch {
        // killed
      }
      done = fate.step < dies;
      setFate(0);
      page = await openPage();
      expect(values(page, 'draft', 'd1')).toMatchObject(saved);
      await page.exchange.exchange();
      expect(server.shown('draft', 'd1')).toEqual({ 'answer/place': 'Huế', ...saved });
      expect(values(page, 'draft', 'd1')).toEqual(server.shown('draft', 'd1'));
      expect(server.revoked.size).toBe(0);
      const mine = server.taken.filter(({ replica }) => replica === device).map(({ n }) => n);
      expect(new Set(mine).size).toBe(mine.length);
    }
  });
});

test('B1 what is sealed is signed by the phone and chained', async () => {
  await write(page, 'draft', 'd1', { 'answer/a': '1' });
  await exchange();
  await write(page, 'draft', 'd1', { 'answer/b': '2' });
  await exchange();
  const [first, second] = (await kept()).map(({ jws }) => jws);
  const { jwk } = (await deviceNow())!;
  for (const jws of [first!, second!]) {
    const { signature, signingInput } = await batches.parse(jws);
    const key = await importKey(jwk);
    expect(await verifyWith(key, Uint8Array.from(signature), Uint8Array.from(signingInput))).toBe(true);
  }
  expect((await batches.parse(second!)).prev).toBe(await batches.hashOf(first!));
});
