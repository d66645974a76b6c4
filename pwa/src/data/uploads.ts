/** Sending files to the server in parts: what has arrived is not sent again, whatever happens (SPEC.md A1, A4). */

import { type ReadonlySignal, signal } from '@preact/signals';

import { meta, reading, setMeta, type StoredFile, writing } from './db.ts';
import { part } from './files.ts';
import { appendBlob, askBlob } from './http.ts';
import { afterCut, afterSent, FIRST_PACE, type Pace } from './pace.ts';
import { Problem } from './problem.ts';
import { delay } from './retry.ts';
import { onNews, tell } from './tabs.ts';
import { locked } from './vault.ts';

export { attach, type FileAnswer, fileOf, LARGEST_FILE } from './files.ts';

/** Where a file of this phone stands: `sent` of its `len` bytes are on the server. */
export interface Upload {
  len: number;
  sent: number;
  state: 'waiting' | 'sending' | 'paused' | 'whole' | 'failed';
}

/** What is known of the link: `since` when it has not been cut, on the clock of `performance`. */
interface Link {
  pace: Pace;
  since: number;
}

const SENDER = 'motcua-files';
const shown = signal<ReadonlyMap<string, Upload>>(new Map());
let current: string | null = null;
let following = false;

/** The files of this phone by their SHA-256. Subscribe to it after `followUploads`. */
export const uploads: ReadonlySignal<ReadonlyMap<string, Upload>> = shown;

/** Show in `uploads` what is stored, from now on whenever a tab writes. Doing it twice does no harm. */
export async function followUploads(): Promise<void> {
  if (!following) onNews(load);
  following = true;
  await load();
}

async function load(): Promise<void> {
  const { files, paused } = await reading(async (tx) => ({
    files: await tx.objectStore('files').getAll(),
    paused: (await meta(tx, 'paused')) === true,
  }));
  shown.value = new Map(files.map((file) => [file.sha256, upload(file, paused)]));
}

function upload({ sha256, len, sent, whole, failed }: StoredFile, paused: boolean): Upload {
  if (whole) return { len, sent: len, state: 'whole' };
  if (failed !== null) return { len, sent, state: 'failed' };
  return { len, sent, state: paused ? 'paused' : current === sha256 ? 'sending' : 'waiting' };
}

/** Send no more until `resumeUploads`, also after a restart. */
export async function pauseUploads(): Promise<void> {
  await setPaused(true);
  stop.abort();
}

export async function resumeUploads(): Promise<void> {
  await setPaused(false);
  void sendFiles();
}

async function setPaused(paused: boolean): Promise<void> {
  await writing((tx) => setMeta(tx, 'paused', paused));
  await tell({ records: [], account: false });
}

let running: Promise<boolean> | null = null;
let again = false;
let stop = new AbortController();
let wakeUp: () => void = () => undefined;
if ('addEventListener' in globalThis) addEventListener('online', () => wakeUp());

/**
 * Send all files that wait, one after the other; only one tab or worker does. Resolves, with whether one became whole,
 * when no more can be sent. `patient` waits and tries again; else the first failure throws.
 */
export function sendFiles({ patient = true } = {}): Promise<boolean> {
  if (running !== null) {
    again = true;
    wakeUp();
    return running;
  }
  running = navigator.locks.request(SENDER, () => sendAll(patient)).finally(async () => {
    running = null;
    current = null;
    await load();
    // Whoever asked just before it ended may have brought another file.
    if (again) void sendFiles();
    again = false;
  });
  return running;
}

async function sendAll(patient: boolean): Promise<boolean> {
  let [some, failures] = [false, 0];
  const link: Link = { pace: FIRST_PACE, since: performance.now() };
  for (;;) {
    again = false;
    const file = await next();
    if (file === null) return some;
    current = file.sha256;
    stop = new AbortController();
    const before = file.sent;
    try {
      await sendOne(file, link, stop.signal);
      [some, failures] = [true, 0];
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (error.code === 'signed_out') return some;
      if (!error.retry) await note(file.sha256, { failed: error.code });
      else if (!patient) throw error;
      else {
        if (stop.signal.aborted) continue;
        // A link that is cut again and again still works.
        failures = (await sentOf(file.sha256)) > before ? 1 : failures + 1;
        link.pace = afterCut(link.pace, performance.now() - link.since);
        await pause(delay(failures, Math.random(), error.after));
        link.since = performance.now();
      }
    }
  }
}

async function next(): Promise<StoredFile | null> {
  return reading(async (tx) => {
    if (locked.peek() || (await meta(tx, 'paused')) === true) return null;
    if ((await meta(tx, 'account'))?.signedOut !== false) return null;
    const waiting = (await tx.objectStore('files').getAll()).filter(({ whole, failed }) => !whole && failed === null);
    return waiting.sort((a, b) => a.at - b.at)[0] ?? null;
  });
}

async function sendOne(file: StoredFile, link: Link, signal: AbortSignal): Promise<void> {
  const { sha256, len } = file;
  let there = await askBlob(sha256, signal);
  for (;;) {
    await note(sha256, { sent: there.sent, whole: there.whole });
    if (there.whole || signal.aborted) return;
    const data = await part(file, there.sent, Math.min(len, there.sent + link.pace.size));
    const begun = performance.now();
    there = await appendBlob(sha256, data, { offset: there.sent, length: len, signal });
    noteLink(link, { bytes: data.length, begun, cut: there.known > 0 });
  }
}

/** Learn from a part that was sent, maybe twice, how the link is. */
function noteLink(link: Link, { bytes, begun, cut }: { bytes: number; begun: number; cut: boolean }): void {
  const now = performance.now();
  const held = now - link.since;
  link.pace = cut ? afterCut(link.pace, held) : afterSent(link.pace, { bytes, took: now - begun, held });
  if (cut) link.since = now;
}

/** Take down what is known of a file, and tell everyone. */
async function note(sha256: string, known: Partial<Pick<StoredFile, 'sent' | 'whole' | 'failed'>>): Promise<void> {
  await writing(async (tx) => {
    const file = await tx.objectStore('files').get(sha256);
    if (file !== undefined) await tx.objectStore('files').put({ ...file, ...known });
  });
  await tell({ records: [], account: false });
}

async function sentOf(sha256: string): Promise<number> {
  return (await reading((tx) => tx.objectStore('files').get(sha256)))?.sent ?? 0;
}

/** Wait, but no longer than until there is a network again. */
function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    wakeUp = () => {
      clearTimeout(timer);
      resolve();
    };
  });
}
