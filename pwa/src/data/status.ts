/** What is true of the network and of what waits, for the one quiet line and the outbox. */

import { computed, type ReadonlySignal, signal } from '@preact/signals';

import { reading, type Refused, standing, writing } from './db.ts';
import { sending, trouble } from './loop.ts';
import { change } from './records.ts';
import { tell } from './tabs.ts';

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
  /** The code of the problem that keeps things from being sent. */
  trouble: string | null;
}

const online = signal(true);
const stored = signal<Pick<Status, 'unsent' | 'sentAt' | 'attention'>>({ unsent: 0, sentAt: null, attention: [] });

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
  const { unsent, attention, sentAt } = await reading(async (tx) => ({
    unsent: await tx.objectStore('changes').count(),
    attention: await tx.objectStore('attention').getAll(),
    ...(await standing(tx)),
  }));
  const now = { unsent, sentAt, attention };
  if (JSON.stringify(now) !== JSON.stringify(stored.peek())) stored.value = now;
}

export function setOnline(now: boolean): void {
  online.value = now;
}
