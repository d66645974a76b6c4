/** The entrance that this phone looks after, as it is known without a network. What fills it is in `pack.ts`. */

import { type ReadonlySignal, signal } from '@preact/signals';

import { type Gate as Stored, meta, type Reading, reading, type Writing } from './db.ts';

/** An entrance. `place` is its building's number in the city, `bit` its own in the building (0 to 15). */
export type Gate = Pick<Stored, 'unit' | 'place' | 'bit' | 'name'>;

/** What was fetched for it. Times are the server's, in ms; `bytes` is what came, unpacked from its transport. */
export interface PackState {
  fetchedAt: number;
  bytes: number;
  epoch: string;
  /** How many check-ins it brought. */
  checkins: number;
  /** Device ids of the unit's guards: whose exchange codes are believed. */
  guards: readonly string[];
}

/** The feed of what every gate needs. */
export const GATES = 'gates';

const gate = signal<Gate | null>(null);
const state = signal<PackState | null>(null);

/** The entrance that this phone is paired with. */
export const paired: ReadonlySignal<Gate | null> = gate;
export const packState: ReadonlySignal<PackState | null> = state;

/** Whether a feed is served only to those who ask for it: those that a pack begins. */
export function isGateFeed(feed: string): boolean {
  return feed === GATES || feed.startsWith('gate/');
}

/** Forget how far those feeds were followed; a new pack will say it again. */
export async function dropGateCursors(tx: Writing): Promise<void> {
  for (const feed of await tx.objectStore('cursors').getAllKeys()) {
    if (isGateFeed(feed)) await tx.objectStore('cursors').delete(feed);
  }
}

/** Read the pairing from the database again. */
export async function loadGate(): Promise<void> {
  const found = await reading(readGate);
  const [nowPaired, nowHeld] = found ?? [null, null];
  if (JSON.stringify(nowPaired) !== JSON.stringify(gate.peek())) gate.value = nowPaired;
  if (JSON.stringify(nowHeld) !== JSON.stringify(state.peek())) state.value = nowHeld;
}

async function readGate(tx: Reading): Promise<[Gate, PackState] | null> {
  const stored = await meta(tx, 'gate');
  if (stored === undefined) return null;
  const { unit, place, bit, name, fetchedAt, bytes, epoch, guards, checkins } = stored;
  return [
    { unit, place, bit, name },
    { fetchedAt, bytes, epoch, checkins, guards },
  ];
}
