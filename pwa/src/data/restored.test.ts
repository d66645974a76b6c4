import { beforeEach, describe, expect, test } from 'vitest';

import * as record from '../sync/record.ts';
import { blobs, type BlobServer, withFiles } from './testing/files.ts';
import { enrol, openPage, type Page, unbox, values, write } from './testing/phone.ts';
import { Server } from './testing/server.ts';

const DAY = 86_400_000;

let page: Page;
let server: Server;
let device: string;
let there: BlobServer;
let files: Awaited<ReturnType<typeof withFiles>>;

beforeEach(async () => {
  server = new Server();
  page = await unbox(server);
  there = blobs();
  device = await enrol(page);
  files = await withFiles(page);
});

const exchange = () => page.exchange.exchange();
const batchRows = () => page.db.reading((tx) => tx.objectStore('batches').getAll());
const unsent = () => page.db.reading((tx) => tx.objectStore('changes').getAll());
const attention = () => page.status.status.peek().attention.map(({ code }) => code);
const baseOf = (kind: string, id: string) => page.db.reading((tx) => tx.objectStore('base').get([kind, id]));
const sentJws = () => server.requests.flatMap((each) => each.batches);

/** What the server signs for an act that it takes. */
const answerWith = (code: () => string) => {
  server.onTaken = ({ kind, id }) => {
    if (kind !== 'submission' || server.states.has(`receipt ${id}`)) return;
    const brought = server.requests.at(-1)?.receipts?.[`receipt/${id}`];
    server.write('receipt', id, 'jws', brought ?? code(), 'server');
  };
};

describe('a server that was restored from a backup', () => {
  test('B7 is brought what it had acknowledged since, in the same bytes, once; it stays on the screen', async () => {
    await write(page, 'draft', 'd1', { 'answer/a': '1' });
    await exchange();
    const restore = server.copy();
    await write(page, 'draft', 'd1', { 'answer/a': '2' });
    await exchange();
    await write(page, 'submission', 's1', { act: 'signed' });
    await exchange();
    const sent = sentJws();
    restore();
    server.requests.length = 0;
    server.taken = [];
    const seen: unknown[] = [];
    server.onTaken = () => seen.push([values(page, 'draft', 'd1'), values(page, 'submission', 's1')]);
    await exchange();
    expect(seen).toEqual([[{ 'answer/a': '2' }, { act: 'signed' }], [{ 'answer/a': '2' }, { act: 'signed' }]]);
    expect(server.taken).toHaveLength(2);
    expect(sentJws()).toEqual(sent);
    expect(server.shown('draft', 'd1')).toEqual({ 'answer/a': '2' });
    expect(await unsent()).toEqual([]);
    expect(page.status.status.peek()).toMatchObject({ unsent: 0, attention: [] });
    expect((await batchRows()).map(({ state }) => state)).toEqual(['kept', 'kept', 'kept']);
  });

  test('B7 counts as lacking all that is kept, until it says otherwise, also after a restart', async () => {
    const restore = server.copy();
    await write(page, 'submission', 's1', { act: 'signed' });
    await exchange();
    restore();
    const sync = server.sync.bind(server);
    let rounds = 0;
    server.sync = (request) => {
      rounds += 1;
      const away = { status: 503, body: { code: 'unavailable', retry: true } };
      return rounds > 1 ? Promise.resolve(away) : sync(request);
    };
    await expect(exchange()).rejects.toMatchObject({ code: 'unavailable' });
    page = await openPage();
    expect(page.status.status.peek().unsent).toBe(1);
    expect(page.records.record('submission', 's1').peek()?.unsent).toBe(true);
    server.sync = sync;
    await exchange();
    expect(server.taken.filter(({ id }) => id === 's1')).toHaveLength(2);
    expect(page.status.status.peek().unsent).toBe(0);
  });

  test('B8 gets the receipts back that it had signed, with the acts that they are for', async () => {
    let number = 0;
    answerWith(() => `receipt ${(number += 1)}`);
    const restore = server.copy();
    await write(page, 'submission', 's1', { act: 'signed' });
    await exchange();
    expect(server.requests.every(({ receipts }) => receipts === undefined)).toBe(true);
    expect(values(page, 'receipt', 's1')).toEqual({ jws: 'receipt 1' });
    restore();
    await exchange();
    expect(server.shown('receipt', 's1')).toEqual({ jws: 'receipt 1' });
    expect(values(page, 'receipt', 's1')).toEqual({ jws: 'receipt 1' });
    expect(number).toBe(1);
  });

  test('F5 has its word of now put in the place of its word of before, though stamps are the same', async () => {
    const restore = server.copy();
    server.write('draft', 'd1', 'share/person/x', 'before', 'server');
    await exchange();
    await write(page, 'draft', 'd1', { 'answer/a': '1' });
    await exchange();
    restore();
    server.write('draft', 'd1', 'share/person/x', 'now', 'server');
    await exchange();
    expect(values(page, 'draft', 'd1')).toEqual({ 'share/person/x': 'now', 'answer/a': '1' });
    expect(record.toJson((await baseOf('draft', 'd1'))!.state)).toEqual(record.toJson(server.states.get('draft d1')!));
  });

  test('R14 is followed in what it takes: who is back first comes to the same as who comes later', async () => {
    const restore = server.copy();
    server.write('draft', 'd1', 'answer/a', "another's", 'another-device');
    const others = server.taken.at(-1)!;
    await exchange();
    await write(page, 'draft', 'd1', { 'answer/a': 'mine, who saw it' });
    await exchange();
    restore();
    await exchange();
    expect(page.records.record('draft', 'd1').peek()?.conflicts).toEqual({});
    const back = record.admit(server.states.get('draft d1')!, others);
    server.states.set('draft d1', back);
    server.write('draft', 'd1', 'answer/b', 'so that it moves', 'another-device');
    await exchange();
    const { conflicts, values: shown } = page.records.record('draft', 'd1').peek()!;
    expect(shown['answer/a']).toBe('mine, who saw it');
    expect(conflicts['answer/a']?.map(({ value }) => value)).toEqual(["another's"]);
    expect(await record.digest((await baseOf('draft', 'd1'))!.state)).toBe(
      await record.digest(server.states.get('draft d1')!),
    );
  });

  test('B9 that lacks what others have not brought back yet is asked again', async () => {
    const restore = server.copy();
    await write(page, 'acknowledgement', 'k1', { act: 'signed' });
    await exchange();
    restore();
    server.refuses = () => ({ code: 'submission_unknown', retry: true });
    expect(await exchange()).toEqual({ later: true });
    expect(values(page, 'acknowledgement', 'k1')).toEqual({ act: 'signed' });
    expect(page.status.status.peek()).toMatchObject({ unsent: 1, attention: [] });
    server.refuses = () => null;
    await exchange();
    expect(server.shown('acknowledgement', 'k1')).toEqual({ act: 'signed' });
    expect(page.status.status.peek()).toMatchObject({ unsent: 0, attention: [] });
  });

  test('B5 that does not take any more what it had taken leaves it with the person, who is told', async () => {
    const restore = server.copy();
    await write(page, 'acknowledgement', 'k1', { act: 'signed' });
    await exchange();
    restore();
    server.refuses = () => ({ code: 'submission_unknown', retry: false });
    await exchange();
    await exchange();
    expect(attention()).toEqual(['submission_unknown']);
    expect(values(page, 'acknowledgement', 'k1')).toBeUndefined();
  });

  test('B7 from an older backup than it had told of: what is kept comes by a new key', async () => {
    const restore = server.copy();
    await write(page, 'draft', 'd1', { 'answer/a': 'backed up, and lost all the same' });
    await exchange();
    server.backedUp = 1;
    await exchange();
    expect(await batchRows()).toEqual([]);
    await write(page, 'draft', 'd1', { 'answer/b': 'kept' });
    await exchange();
    restore();
    server.backedUp = 0;
    await exchange();
    const now = await page.db.reading((tx) => page.db.meta(tx, 'device'));
    expect(now).toMatchObject({ enrolled: false, seq: 0 });
    expect(now?.id).not.toBe(device);
    expect(values(page, 'draft', 'd1')).toMatchObject({ 'answer/b': 'kept' });
    await page.db.writing((tx) => page.db.setMeta(tx, 'device', { ...now!, enrolled: true }));
    await exchange();
    expect(server.shown('draft', 'd1')).toEqual({ 'answer/b': 'kept' });
  });

  test('B7 gets files back before the batches that name them', async () => {
    const restore = server.copy();
    const answer = await files.uploads.attach(new Blob(['photo']), { name: 'a.jpg', type: 'image/jpeg' });
    await files.uploads.sendFiles();
    await write(page, 'draft', 'd1', { 'answer/photo': { ...answer } });
    await exchange();
    await write(page, 'draft', 'd1', { 'answer/b': '2' });
    await exchange();
    restore();
    there.kept.clear();
    await exchange();
    expect(server.shown('draft', 'd1')).toEqual({});
    expect(page.status.status.peek().files).toMatchObject({ count: 1, sent: 0 });
    await files.uploads.sendFiles();
    await exchange();
    expect(there.kept.size).toBe(1);
    expect(server.shown('draft', 'd1')).toEqual({ 'answer/photo': { ...answer }, 'answer/b': '2' });
    expect(server.taken.map(({ key }) => key)).toEqual(['answer/photo', 'answer/b', 'answer/photo', 'answer/b']);
  });
});

describe('what is kept in case the server loses it', () => {
  const kept = async () => [(await batchRows()).length, await page.db.reading((tx) => tx.objectStore('files').count())];

  /** Send a submission with a file of its own. */
  async function submit(id: string): Promise<void> {
    const { sha256 } = await files.uploads.attach(new Blob([id]), { name: `${id}.txt`, type: 'text/plain' });
    await files.uploads.sendFiles();
    await write(page, 'submission', id, { act: JSON.stringify({ files: [sha256] }) });
    await exchange();
  }

  const age = (ms: number) =>
    page.db.writing(async (tx) => {
      for (const each of await tx.objectStore('batches').getAll()) {
        await tx.objectStore('batches').put({ ...each, at: each.at! - ms });
      }
      for (const each of await tx.objectStore('files').getAll()) {
        await tx.objectStore('files').put({ ...each, at: each.at - ms });
      }
    });

  beforeEach(() => {
    server.time = Date.now();
  });

  test('B7 goes once a backup has it; the phone asks when it has nothing to send', async () => {
    await submit('s1');
    await submit('s2');
    server.backedUp = 1;
    server.requests.length = 0;
    await exchange();
    expect(server.requests.map((each) => each.device)).toEqual([device]);
    expect((await batchRows()).map(({ seq }) => seq)).toEqual([2]);
    await age(2 * 3_600_000);
    await files.orphans.dropOrphans();
    expect(await kept()).toEqual([1, 1]);
    server.backedUp = 2;
    await exchange();
    await files.orphans.dropOrphans();
    expect(await kept()).toEqual([0, 0]);
    await exchange();
    expect(server.requests.at(-1)?.device).toBeUndefined();
  });

  test('B10 goes after 30 days where the server has no backup', async () => {
    await submit('s1');
    await age(29 * DAY);
    await files.orphans.dropOrphans();
    expect(await kept()).toEqual([1, 1]);
    await age(2 * DAY);
    await files.orphans.dropOrphans();
    await files.orphans.dropOrphans();
    expect(await kept()).toEqual([0, 0]);
  });

  test('B10 makes room for new work; what is not acknowledged never does', async () => {
    await submit('s1');
    await files.uploads.attach(new Blob(['waits']), { name: 'w.txt', type: 'text/plain' });
    expect(await files.orphans.makeRoom()).toBe(1);
    expect(await kept()).toEqual([1, 1]);
    expect(page.status.status.peek().files).toMatchObject({ count: 1 });
  });
});
