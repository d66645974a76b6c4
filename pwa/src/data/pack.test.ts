import { beforeEach, describe, expect, test, vi } from 'vitest';

import type { CheckIn } from '../codes/columns.ts';
import { uuid7 } from './ids.ts';
import { enrol, network, openPage, type Page, routes, setFate, unbox } from './testing/phone.ts';
import { Server } from './testing/server.ts';

const GATE = { unit: 'q1', place: 7, bit: 2, name: { vi: 'Cổng chính', en: 'Main gate' } };
const HOUR = 3_600_000;
const NAMES = [
  ['trust', 'trust'],
  ['place', '7'],
  ['meeting', 'm1'],
  ['statuslist', 'invitation_q1'],
  ['statuslist', 'identity_q3'],
] as const;

let server: Server;
let page: Page;
let seenAtServer: CheckIn[];
let fresh: number;

function checkIn(at: number, place = 7): CheckIn {
  const id = uuid7(at, new Uint8Array(10).fill(at % 251));
  return { id, at, way: 'in', subject: '00112233aabbccdd', gate: 2, place, max: 1, override: false };
}

beforeEach(async () => {
  server = new Server();
  server.onRequest = new Set(['gate/q1', 'gates']);
  const write = (kind: string, id: string, key: string, value: string, feed: string) =>
    server.write(kind, id, key, value, 'server', feed);
  write('trust', 'trust', 'jws', 'a.b.c', 'public');
  write('place', '7', 'number', '7', 'public');
  write('meeting', 'm1', 'title', 'Họp', 'gate/q1');
  write('statuslist', 'invitation_q1', 'jwt', 'list 1', 'gate/q1');
  write('statuslist', 'identity_q3', 'jwt', 'list 2', 'gates');
  seenAtServer = [checkIn(server.time - 2 * HOUR), checkIn(server.time - HOUR)];
  page = await unbox(server);
  fresh = 0;
  routes.set('/auth/me', () => ({ status: 200, body: { server: { root: 'root-thumbprint' } } }));
  routes.set('/gate/pack', () => ({ status: 200, body: server.pack('q1', NAMES, seenAtServer) }));
  routes.set('/gate/fresh', () => {
    fresh += 1;
    return { status: 204, body: null };
  });
  await enrol(page);
});

const pair = () => page.pack.pair(GATE);
const exchange = () => page.exchange.exchange();
const ids = (kind: string) => page.records.records(kind).peek().map(({ id }) => id);
const cursors = () => page.db.reading((tx) => tx.objectStore('cursors').getAll());
const gateCursors = async () => (await cursors()).map(({ feed }) => feed).filter((feed) => /^gates?/.test(feed));
const code = async (work: Promise<unknown>) => {
  try {
    await work;
    return null;
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('pairing', () => {
  test('brings all that a gate needs, and whose gate it is', async () => {
    await pair();
    expect(page.pack.paired.peek()).toEqual(GATE);
    expect(page.pack.packState.peek()).toMatchObject({
      fetchedAt: server.time,
      epoch: 'epoch-1',
      checkins: 2,
      guards: ['guard-device'],
    });
    const meetings = new Map(seenAtServer.map(({ subject }) => [subject, '070707']));
    expect(page.pack.seen.peek()).toEqual({ checkIns: seenAtServer, meetings, undone: [] });
    expect(page.pack.packParts.peek()).toEqual({
      root: 'root-thumbprint',
      trust: 'a.b.c',
      lists: [
        { id: 'identity_q3', jwt: 'list 2' },
        { id: 'invitation_q1', jwt: 'list 1' },
      ],
    });
    expect(ids('meeting')).toEqual(['m1']);
    expect(await gateCursors()).toEqual(['gate/q1', 'gates']);
    expect(page.clock.trusted()?.low).toBeGreaterThanOrEqual(server.time);
    expect(page.pack.packProgress.peek()).toBeNull();
  });

  test('is there without a network when the page is opened again', async () => {
    await pair();
    network.cut = 'before';
    page = await openPage();
    vi.stubGlobal('document', { visibilityState: 'hidden', addEventListener: () => undefined });
    vi.stubGlobal('addEventListener', () => undefined);
    await page.pack.openGate();
    expect(page.pack.paired.peek()).toEqual(GATE);
    expect(page.pack.seen.peek().checkIns).toEqual(seenAtServer);
    expect(page.pack.packParts.peek()?.trust).toBe('a.b.c');
    vi.unstubAllGlobals();
  });

  test('tells in bytes how far it is', async () => {
    const told: (number | null)[] = [];
    const stop = page.pack.packProgress.subscribe((received) => told.push(received));
    await pair();
    stop();
    expect(told.at(0)).toBeNull();
    expect(Math.max(...told.map(Number))).toBe(page.pack.packState.peek()?.bytes);
  });

  const answers = (status: number, body: () => unknown) => () =>
    void routes.set('/gate/pack', () => ({ status, body: body() }));

  test.each([
    ['the network is gone', 'network', () => void (network.cut = 'after')],
    ['what comes is no pack', 'network', answers(200, () => new Uint8Array(9))],
    ['the pack is of another unit', 'gate_unit', answers(200, () => server.pack('q3', [], []))],
    ['the role has ended', 'role_forbidden', answers(403, () => ({ code: 'role_forbidden', retry: false }))],
  ])('changes nothing when %s', async (_, problem, happen) => {
    await page.account.pinRoot();
    happen();
    expect(await code(pair())).toBe(problem);
    expect(page.pack.packTrouble.peek()).toBe(problem);
    expect(page.pack.paired.peek()).toBeNull();
    expect(await cursors()).toEqual([]);
    expect(ids('meeting')).toEqual([]);
  });

  test('is whole or not at all, wherever the page is killed', async () => {
    for (let dies = 1; dies < 30; dies += 1) {
      page = await unbox(server);
      routes.set('/auth/me', () => ({ status: 200, body: { server: { root: 'root-thumbprint' } } }));
      routes.set('/gate/pack', () => ({ status: 200, body: server.pack('q1', NAMES, seenAtServer) }));
      await enrol(page);
      const fate = setFate(dies);
      const failed = await code(pair());
      const steps = fate.step;
      setFate(0);
      page = await openPage();
      const { gate, seen, feeds } = await page.db.reading(async (tx) => ({
        gate: await page.db.meta(tx, 'gate'),
        seen: await tx.objectStore('seen').count(),
        feeds: await gateCursors(),
      }));
      const whole = [gate !== undefined, seen === 1, feeds.length === 2, ids('meeting').length === 1];
      expect(new Set(whole).size).toBe(1);
      if (failed === null && steps < dies) return expect(whole[0]).toBe(true);
    }
    throw new Error('expected pairing to need fewer steps');
  });

  test('with another entrance of the unit needs no network', async () => {
    await pair();
    network.cut = 'before';
    await page.pack.moveTo(7, 3, { vi: 'Cổng sau', en: 'Back gate' });
    await page.pack.reloadPack().catch(() => undefined);
    const gate = await page.db.reading((tx) => page.db.meta(tx, 'gate'));
    expect(gate).toMatchObject({ unit: 'q1', bit: 3, fetchedAt: server.time });
  });
});

describe('after the pack', () => {
  test('what is new comes by sync', async () => {
    await pair();
    const { id } = checkIn(server.time - 1_000);
    server.write('checkin', id, 'checkin', { way: 'in' }, 'guard-device', 'gate/q1');
    server.write('statuslist', 'identity_q3', 'jwt', 'list 3', 'server', 'gates');
    await exchange();
    expect(server.requests.at(-1)?.cursors).toMatchObject({ 'gate/q1': 2, gates: 1 });
    expect(ids('checkin')).toEqual([id]);
    expect(page.pack.packParts.peek()?.lists[0]).toEqual({ id: 'identity_q3', jwt: 'list 3' });
  });

  test('an exchange that was under way takes nothing of it away', async () => {
    let answer: () => void = () => undefined;
    const late = new Promise<void>((resolve) => (answer = resolve));
    const sync = server.sync.bind(server);
    server.sync = async (request) => {
      const answered = await sync(request);
      await late;
      return answered;
    };
    const going = exchange();
    const pairing = pair();
    await vi.waitFor(() => expect(page.pack.packProgress.peek()).toBeGreaterThan(0));
    answer();
    await Promise.all([going, pairing]);
    expect(await gateCursors()).toEqual(['gate/q1', 'gates']);
    expect(ids('meeting')).toEqual(['m1']);
  });

  test('a refresh has old lists signed anew', async () => {
    await pair();
    await page.pack.refreshPack();
    expect(fresh).toBe(1);
  });

  test('a refresh ends when what is new is here', async () => {
    await pair();
    const { id } = checkIn(server.time);
    server.write('checkin', id, 'checkin', {}, 'guard-device', 'gate/q1');
    await page.pack.refreshPack();
    expect(ids('checkin')).toEqual([id]);
  });

  test('a refresh fetches the whole pack when it is from another day', async () => {
    await pair();
    server.time += 13 * HOUR;
    await exchange();
    await page.pack.refreshPack();
    expect(fresh).toBe(0);
    expect(page.pack.packState.peek()?.fetchedAt).toBe(server.time);
  });

  test('F5 another epoch ends its feeds until there is a new pack', async () => {
    await exchange();
    await pair();
    server.epoch = 'epoch-2';
    await exchange();
    expect(await gateCursors()).toEqual([]);
    expect(ids('meeting')).toEqual(['m1']);
    await page.pack.refreshPack();
    expect(await gateCursors()).toEqual(['gate/q1', 'gates']);
    expect(page.pack.packState.peek()?.epoch).toBe('epoch-2');
  });

  test('a later pack drops what it has not, and check-ins of more than a day and a half ago', async () => {
    await pair();
    const [old, recent] = [checkIn(server.time - 37 * HOUR), checkIn(server.time - 35 * HOUR)];
    for (const { id } of [old, recent]) server.write('checkin', id, 'checkin', {}, 'guard-device', 'gate/q1');
    await exchange();
    expect(ids('checkin')).toEqual([old.id, recent.id]);
    seenAtServer = [recent];
    server.time += 1_000;
    routes.set('/gate/pack', () => ({ status: 200, body: server.pack('q1', NAMES.slice(0, 2), seenAtServer) }));
    await page.pack.reloadPack();
    expect(ids('checkin')).toEqual([recent.id]);
    expect(ids('meeting')).toEqual([]);
    expect(ids('place')).toEqual(['7']);
    expect(page.pack.seen.peek().checkIns).toEqual([recent]);
  });

  test('a pairing that ends takes it all along, but what is everyone’s', async () => {
    await exchange();
    await pair();
    await page.pack.unpair();
    expect(page.pack.paired.peek()).toBeNull();
    expect(page.pack.seen.peek().checkIns).toEqual([]);
    expect(ids('meeting')).toEqual([]);
    expect(ids('statuslist')).toEqual([]);
    expect(ids('trust')).toEqual(['trust']);
    await exchange();
    expect(Object.keys(server.requests.at(-1)?.cursors ?? {}).sort()).toEqual(['person/person-1', 'public']);
  });

  test('so does whoever leaves the phone, with keys and log', async () => {
    await pair();
    await page.holders.newHolder('gate');
    await page.scans.logScan({
      id: 's1',
      at: server.time,
      word: 'ADMIT',
      reason: 'invitation',
      way: 'in',
      name: 'An',
      subject: null,
      checkin: null,
    });
    routes.set('/auth/signout', () => ({ status: 204, body: null }));
    await page.account.signOut();
    const left = await page.db.reading(async (tx) => [
      await page.db.meta(tx, 'gate'),
      await tx.objectStore('seen').count(),
      await tx.objectStore('scans').count(),
      await tx.objectStore('holders').count(),
      (await gateCursors()).length,
    ]);
    expect(left).toEqual([undefined, 0, 0, 0, 0]);
    expect(ids('meeting')).toEqual([]);
  });
});
