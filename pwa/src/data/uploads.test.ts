import { beforeEach, describe, expect, test } from 'vitest';

import type { Value } from '../sync/canonical.ts';
import { enrol, network, openPage, type Page, unbox, values, write } from './testing/phone.ts';
import { blobs, type BlobServer, withFiles } from './testing/files.ts';
import { Server } from './testing/server.ts';

const photo = (size: number, seed = 7) => {
  const data = new Uint8Array(size);
  for (let at = 0; at < size; at += 1) data[at] = (at * seed + (at >> 8)) & 255;
  return new Blob([data]);
};
const bytes = (data: ArrayBuffer) => Buffer.from(data);
const LIKE = { name: 'ảnh.jpg', type: 'image/jpeg' };

let page: Page;
let server: Server;
let there: BlobServer;
let files: Awaited<ReturnType<typeof withFiles>>;

beforeEach(async () => {
  server = new Server();
  page = await unbox(server);
  there = blobs();
  await enrol(page);
  files = await withFiles(page);
});

const attach = (size: number, seed?: number) => files.uploads.attach(photo(size, seed), LIKE);
const exchange = () => page.exchange.exchange();
const writeFile = (id: string, key: string, value: unknown) => write(page, 'draft', id, { [key]: value as Value });

describe('a file', () => {
  test('is named by its answer, and read again after a restart', async () => {
    const answer = await attach(600_000);
    expect(answer).toMatchObject({ ...LIKE, len: 600_000 });
    page = await openPage();
    files = await withFiles(page);
    const kept = await files.uploads.fileOf(answer.sha256);
    expect(bytes(await kept!.arrayBuffer()).equals(bytes(await photo(600_000).arrayBuffer()))).toBe(true);
    expect(kept?.type).toBe('image/jpeg');
  });

  test('that is empty or too large is not taken', async () => {
    await expect(attach(0)).rejects.toMatchObject({ code: 'file_empty' });
    await expect(attach(25 * 1024 * 1024 + 1)).rejects.toMatchObject({ code: 'file_large' });
  });

  test('has a name that holds nothing to deceive by', async () => {
    const { name } = await files.uploads.attach(photo(10), { name: 'C:\\x\\a\u202egpj.exe\u0000', type: '' });
    expect(name).toBe('agpj.exe');
  });

  test('is nowhere plain: neither its bytes nor its name', async () => {
    await files.uploads.attach(new Blob(['MARKMARKMARK'.repeat(50)]), { name: 'lạ lùng.txt', type: 'text/plain' });
    const rows = await page.db.writingRaw(async (tx) => [
      ...(await tx.objectStore('files').getAll()),
      ...(await tx.objectStore('chunks').getAll()).map(({ data }) => new TextDecoder().decode(data)),
    ]);
    expect(JSON.stringify(rows)).not.toMatch(/MARK|lạ lùng/);
  });

  test('that is only on the server comes from there and is kept, when it is what it is called', async () => {
    const answer = await attach(1000);
    await files.uploads.sendFiles();
    await page.db.writingRaw(async (tx) => {
      await tx.objectStore('files').clear();
      await tx.objectStore('chunks').clear();
    });
    expect((await files.uploads.fileOf(answer.sha256, LIKE))?.size).toBe(1000);
    network.cut = 'before';
    expect((await files.uploads.fileOf(answer.sha256))?.type).toBe('image/jpeg');
    network.cut = 'never';
    expect(await files.uploads.fileOf('0'.repeat(64))).toBeNull();
    there.kept.set('1'.repeat(64), new Uint8Array(5));
    await expect(files.uploads.fileOf('1'.repeat(64))).rejects.toMatchObject({ code: 'network' });
  });
});

describe('sending', () => {
  test('A1 goes on from where it was, however often the link is cut, also on another page', async () => {
    const answer = await attach(400_000);
    there.cutAfter = 3;
    await expect(files.uploads.sendFiles({ patient: false })).rejects.toMatchObject({ code: 'network' });
    page = await openPage();
    files = await withFiles(page);
    await files.uploads.followUploads();
    expect(files.uploads.uploads.peek().get(answer.sha256)?.state).toBe('waiting');
    there.cutAfter = Infinity;
    expect(await files.uploads.sendFiles()).toBe(true);
    expect(there.kept.get(answer.sha256)).toHaveLength(400_000);
    expect(there.received).toBe(400_000);
    expect(files.uploads.uploads.peek().get(answer.sha256)).toEqual({ len: 400_000, sent: 400_000, state: 'whole' });
  });

  test('T1 is tried again by itself', async () => {
    const answer = await attach(50_000);
    there.cutAfter = 1;
    setTimeout(() => (there.cutAfter = Infinity), 50);
    await files.uploads.sendFiles();
    expect(there.kept.has(answer.sha256)).toBe(true);
  });

  test('T3 is done by one tab at a time', async () => {
    const answer = await attach(300_000);
    const other = await openPage();
    const others = await withFiles(other);
    await Promise.all([files.uploads.sendFiles(), others.uploads.sendFiles()]);
    expect(there.received).toBe(300_000);
    expect(there.kept.has(answer.sha256)).toBe(true);
  });

  test('stops when the person pauses it, also after a restart, and goes on when they say so', async () => {
    const answer = await attach(300_000);
    await files.uploads.pauseUploads();
    expect(await files.uploads.sendFiles()).toBe(false);
    page = await openPage();
    files = await withFiles(page);
    await files.uploads.followUploads();
    expect(files.uploads.uploads.peek().get(answer.sha256)?.state).toBe('paused');
    expect(page.status.status.peek().files).toMatchObject({ count: 1, sent: 0, len: 300_000, paused: true });
    await files.uploads.resumeUploads();
    await files.uploads.sendFiles();
    expect(there.kept.has(answer.sha256)).toBe(true);
  });

  test('of what the server will never take ends, and says so', async () => {
    const answer = await attach(1000);
    there.refuses = 'blob_size';
    await files.uploads.sendFiles();
    await files.uploads.followUploads();
    expect(files.uploads.uploads.peek().get(answer.sha256)?.state).toBe('failed');
    expect(page.status.status.peek().files).toMatchObject({ count: 1, failed: 1 });
  });

  test('waits without a session', async () => {
    await attach(1000);
    there.refuses = 'signed_out';
    expect(await files.uploads.sendFiles()).toBe(false);
    await files.uploads.followUploads();
    expect([...files.uploads.uploads.peek().values()].map(({ state }) => state)).toEqual(['waiting']);
  });
});

describe('a change that names a file', () => {
  test('A3 is held back until the server has the file whole; others go', async () => {
    const answer = await attach(1000);
    await writeFile('d1', 'answer/photo', answer);
    await writeFile('d1', 'answer/name', 'An');
    expect(await exchange()).toEqual({ later: false });
    expect(server.shown('draft', 'd1')).toEqual({ 'answer/name': 'An' });
    expect(page.records.record('draft', 'd1').peek()).toMatchObject({ unsent: true, needs: [answer.sha256] });
    await files.uploads.sendFiles();
    await exchange();
    expect(server.shown('draft', 'd1')).toEqual({ 'answer/name': 'An', 'answer/photo': answer });
    await page.records.paintAll();
    expect(page.records.record('draft', 'd1').peek()).toMatchObject({ unsent: false, needs: [] });
  });

  test('A3 within the text of a signed document, with all that was written with it', async () => {
    const answer = await attach(1000);
    const act = { document: JSON.stringify({ files: [answer] }), draft: 'd1' };
    await page.records.changeAll([
      { kind: 'submission', id: 's1', values: { act } },
      { kind: 'draft', id: 'd1', values: { submission: 's1' } },
    ]);
    await exchange();
    expect(server.taken).toEqual([]);
    await files.uploads.sendFiles();
    await exchange();
    expect(server.taken.map(({ kind }) => kind)).toEqual(['submission', 'draft']);
  });

  test('A3 that is replaced before it went waits for nothing any more', async () => {
    await writeFile('d1', 'answer/photo', await attach(1000));
    await writeFile('d1', 'answer/photo', null);
    await exchange();
    expect(values(page, 'draft', 'd1')).toEqual({});
    expect(page.status.status.peek().unsent).toBe(0);
  });

  test('A3 goes again after the server has lost the file', async () => {
    const answer = await attach(1000);
    await writeFile('d1', 'answer/photo', answer);
    await files.uploads.sendFiles();
    there.kept.clear();
    const missing = () => (there.kept.has(answer.sha256) ? null : { code: 'file_missing', retry: true });
    server.refuses = missing;
    await exchange();
    await files.uploads.sendFiles();
    await exchange();
    expect(server.shown('draft', 'd1')).toEqual({ 'answer/photo': answer });
  });
});

describe('a file that nothing names', () => {
  const age = async () => {
    await page.db.writing(async (tx) => {
      for (const file of await tx.objectStore('files').getAll()) await tx.objectStore('files').put({ ...file, at: 1 });
    });
  };
  const kept = () =>
    page.db.reading(async (tx) => ({
      files: await tx.objectStore('files').getAllKeys(),
      chunks: await tx.objectStore('chunks').count(),
    }));

  test('goes after a while, with all of its chunks', async () => {
    await attach(600_000);
    await files.orphans.dropOrphans();
    expect((await kept()).chunks).toBe(3);
    await age();
    await files.orphans.dropOrphans();
    expect(await kept()).toEqual({ files: [], chunks: 0 });
  });

  test('stays while an open draft, an unsent change or a refused one names it', async () => {
    const [inDraft, unsent, refused, sent] = await Promise.all([1, 3, 5, 11].map((seed) => attach(500, seed)));
    await files.uploads.sendFiles();
    await writeFile('d1', 'answer/photo', inDraft);
    await writeFile('d3', 'answer/photo', sent);
    await writeFile('d3', 'submission', 's1');
    await exchange();
    server.refuses = () => ({ code: 'key_unknown', retry: false });
    await writeFile('d2', 'answer/photo', refused);
    await exchange();
    await write(page, 'submission', 's2', { act: JSON.stringify([unsent]) });
    await age();
    await files.orphans.dropOrphans();
    const needed = [inDraft, unsent, refused].map((each) => each!.sha256).sort();
    expect((await kept()).files.sort()).toEqual([...needed, sent!.sha256].sort());
    server.backedUp = 99; // until then the server might lose what it has (B7)
    await exchange();
    await files.orphans.dropOrphans();
    expect((await kept()).files.sort()).toEqual(needed);
  });
});
