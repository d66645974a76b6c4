/** `GET /live`: a socket on which the server says that a feed has moved. Everything works without it, only later. */

import { reading } from './db.ts';
import { GATES } from './gate.ts';
import { wake } from './loop.ts';
import { delay } from './retry.ts';

let socket: WebSocket | null = null;
let failures = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

/**
 * Connect anew as `reader`: whose feeds are told of is settled when the socket opens. A phone at a gate of `unit` asks
 * for those of the gate too (SPEC.md F8). Nobody needs no socket.
 */
export function connect(reader: string | null, unit: string | null): void {
  clearTimeout(timer);
  const old = socket;
  socket = null;
  old?.close();
  if (reader === null) return;
  const address = new URL('/live', location.href);
  address.protocol = address.protocol.replace('http', 'ws');
  for (const feed of unit === null ? [] : [`gate/${unit}`, GATES]) address.searchParams.append('feed', feed);
  const fresh = new WebSocket(address);
  socket = fresh;
  fresh.onmessage = ({ data }) => {
    failures = 0;
    void heed(String(data));
  };
  fresh.onclose = () => {
    if (socket !== fresh) return;
    socket = null;
    failures += 1;
    timer = setTimeout(() => {
      // Where no socket gets through, looking now and then has to do.
      if (failures > 1) wake();
      connect(reader, unit);
    }, delay(failures, Math.random()));
  };
}

async function heed(message: string): Promise<void> {
  const { feed, seq } = JSON.parse(message) as { feed: string; seq: number };
  const cursor = await reading((tx) => tx.objectStore('cursors').get(feed));
  if (seq > (cursor?.seq ?? 0)) wake();
}
