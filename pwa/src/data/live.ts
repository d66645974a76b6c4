/** `GET /live`: a socket on which the server says that a feed has moved. Everything works without it, only later. */

import { reading } from './db.ts';
import { GATES } from './gate.ts';
import { wake } from './loop.ts';
import { delay } from './retry.ts';

/** "Service restart", of IANA's registry: the server stops, and all of its sockets with it (SPEC.md L7). */
const RESTART = 1012;
/** The ms within which they come back. */
const RETURN = 20_000;
/** The ms over which pulls are spread at most, whatever a poke says. */
const LONGEST = 5 * 60_000;

interface Poke {
  feed: string;
  seq: number;
  /** The ms over which all who hear it spread their pulls. */
  within?: number;
}

let socket: WebSocket | null = null;
let failures = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
/** Feeds that will be looked at in a while, and the newest number of each. */
const waiting = new Map<string, number>();

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
    void heed(JSON.parse(String(data)) as Poke);
  };
  fresh.onclose = ({ code }) => {
    if (socket !== fresh) return;
    socket = null;
    failures += 1;
    const pause = code === RESTART ? Math.random() * RETURN : delay(failures, Math.random());
    timer = setTimeout(() => {
      // Where no socket gets through, looking now and then has to do.
      if (failures > 1) wake();
      connect(reader, unit);
    }, pause);
  };
}

/** Pull when a feed has moved past what is here; at a moment of our own, when many were told at once (SPEC.md L3). */
async function heed({ feed, seq, within = 0 }: Poke): Promise<void> {
  if (within > 0) {
    spread(feed, seq, Math.random() * Math.min(within, LONGEST));
    return;
  }
  const cursor = await reading((tx) => tx.objectStore('cursors').get(feed));
  if (seq > (cursor?.seq ?? 0)) wake();
}

/** Look at a feed in a while, at the newest number that was told until then. */
function spread(feed: string, seq: number, pause: number): void {
  const waits = waiting.has(feed);
  waiting.set(feed, Math.max(seq, waiting.get(feed) ?? 0));
  if (waits) return;
  setTimeout(() => {
    const newest = waiting.get(feed) ?? seq;
    waiting.delete(feed);
    void heed({ feed, seq: newest });
  }, pause);
}
