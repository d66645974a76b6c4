import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import type * as Live from './live.ts';
import { enrol, unbox } from './testing/phone.ts';
import { Server } from './testing/server.ts';

/** The socket that the page opened last; the test is the server. */
class Socket {
  static last: Socket;
  onmessage: (event: { data: string }) => void = () => undefined;
  onclose: (event: { code: number }) => void = () => undefined;

  constructor() {
    Socket.last = this;
  }

  close(): void {
    this.onclose({ code: 1000 });
  }

  say(poke: { feed: string; seq: number; within?: number }): void {
    this.onmessage({ data: JSON.stringify(poke) });
  }
}

let server: Server;
let live: typeof Live;
let pauses: number[];

beforeEach(async () => {
  vi.stubGlobal('WebSocket', Socket);
  server = new Server();
  const page = await unbox(server);
  await enrol(page);
  live = await import('./live.ts');
  live.connect('person-1', null);
  server.requests.length = 0;
  pauses = [];
  const set = globalThis.setTimeout;
  vi.spyOn(globalThis, 'setTimeout').mockImplementation((job: () => void, ms = 0) => {
    pauses.push(ms);
    return set(job, ms);
  });
});

afterEach(() => {
  live.connect(null, null);
  vi.restoreAllMocks();
});

test('L1 a poke past what is here pulls, and another does not', async () => {
  server.write('form', 'f1', 'title', 'x', 'server', 'public');
  Socket.last.say({ feed: 'public', seq: 1 });
  await expect.poll(() => server.requests.length).toBe(1);
  Socket.last.say({ feed: 'public', seq: 1 });
  server.write('form', 'f2', 'title', 'x', 'server', 'public');
  Socket.last.say({ feed: 'public', seq: 2 });
  await expect.poll(() => server.requests.length).toBe(2);
});

test('L3 pokes to many are answered by one pull, at a moment of its own choice', async () => {
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
  for (let seq = 1; seq <= 20; seq += 1) {
    server.write('form', `f${seq}`, 'title', 'x', 'server', 'public');
    Socket.last.say({ feed: 'public', seq, within: 200 });
  }
  expect(pauses).toEqual([100]);
  expect(server.requests.length).toBe(0);
  await expect.poll(() => server.requests.length).toBe(1);
});

test('L3 nobody waits longer than five minutes, whatever a poke says', () => {
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
  Socket.last.say({ feed: 'public', seq: 1, within: 10 ** 9 });
  expect(pauses).toEqual([150_000]);
});

test('L7 after a restart the socket comes back within 20 s, after another end within a second', () => {
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
  Socket.last.onclose({ code: 1012 });
  live.connect('person-1', null);
  Socket.last.onmessage({ data: '{"feed":"public","seq":0}' });
  Socket.last.onclose({ code: 1006 });
  expect(pauses).toEqual([10_000, 500]);
});
