/** What is true of the network and of what waits, for the one quiet line and the outbox. */

import { computed, type ReadonlySignal, signal } from '@preact/signals';

import { meta, type Reading, reading, type Refused, standing, writing } from './db.ts';
import { sending, trouble } from './loop.ts';
import { change } from './records.ts';
import { tell } from './tabs.ts';
import { isShut } from './vault.ts';

/** Changes of one record that the server refused. They wait here until the person discards or makes them again. */
export type Attention = Readonly<Refused>;

export interface Status {
  online: boolean;
  sending: boolean;
  /** Changes that the server has not acknowledged. */
  unsent: number;
  /** When the server last took something, ms since 1970. */
  sentAt: number | null;
  attention: readonly Attention[];
  /** Files that the server does not have whole; null when there is none. */
  files: FilesToSend | null;
  /** The code of the problem that keeps things from being sent. */
  trouble: string | null;
}

/** `sent` of `len` bytes are there; `failed` of the files never will be. */
export interface FilesToSend {
  count: number;
  sent: number;
  len: number;
  failed: number;
  paused: boolean;
}

const online = signal(true);
const stored = signal<Pick<Status, 'unsent' | 'sentAt' | 'attention' | 'files'>>({
  unsent: 0,
  sentAt: null,
  attention: [],
  files: null,
});

export const status: ReadonlySignal<Status> = computed(() => ({
  online: online.value,
  sending: sending.value,
  trouble: trouble.value,
  ...stored.value,
}));

/** Give up refused changes. */
export async function discard({ id }: Attention): Promise<void> {
  await writing((tx) => tx.objectStore('attention').delete(id));
  await tell({ records: [], account: true });
}

/** Make refused changes anew, on top of what is shown now. */
export async function retry(attention: Attention): Promise<void> {
  await change(attention.kind, attention.record, attention.values);
  await discard(attention);
}

/** Read the status from the database again. */
export async function loadStatus(): Promise<void> {
  const now = await reading(async (tx) => ({
    unsent: await tx.objectStore('changes').count(),
    sentAt: (await standing(tx)).sentAt,
    attention: (await tx.objectStore('attention').getAll()).filter(({ kind }) => !isShut(kind)),
    files: await filesToSend(tx),
  }));
  if (JSON.stringify(now) !== JSON.stringify(stored.peek())) stored.value = now;
}

/** Whether this phone keeps any files, sent or not. */
export async function hasFiles(): Promise<boolean> {
  return (await reading((tx) => tx.objectStore('files').count())) > 0;
}

async function filesToSend(tx: Reading): Promise<FilesToSend | null> {
  const files = (await tx.objectStore('files').getAll()).filter(({ whole }) => !whole);
  if (files.length === 0) return null;
  const sum = (of: 'sent' | 'len') => files.reduce((total, file) => total + file[of], 0);
  const failed = files.filter((file) => file.failed !== null).length;
  return {
    count: files.length,
    sent: sum('sent'),
    len: sum('len'),
    failed,
    paused: (await meta(tx, 'paused')) === true,
  };
}

export function setOnline(now: boolean): void {
  online.value = now;
}
