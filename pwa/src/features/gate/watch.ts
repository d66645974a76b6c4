/** What a guard's phone decides by: the pack, opened and verified, and all check-ins that it has heard of. */
import { computed, effect, signal } from '@preact/signals';

import { trusted } from '../../data/clock.ts';
import { heard, openHeard } from '../../data/heard.ts';
import { openGate, packParts, paired, seen } from '../../data/pack.ts';
import type { PackParts } from '../../data/pack.ts';
import { records } from '../../data/records.ts';
import { readCheckin } from './checkin-event.ts';
import { openPack } from './packs.ts';
import type { OpenPack } from './packs.ts';
import { CheckIns } from './presence.ts';
import { ANY_TIME } from './verdict.ts';
import type { Time } from './verdict.ts';

/** The pack as it was last opened; `pack` is null when its trust list does not hold. */
interface Opened {
  parts: PackParts;
  pack: OpenPack | null;
}

const opened = signal<Opened | null>(null);
const version = signal(0);
let set = new CheckIns();
/** Of each subject: the last 3 bytes (hex) of the id of the meeting that it came to, where records tell. */
let guests = new Map<string, string>();
let known = { seen: seen.peek(), heard: heard.peek(), records: 0 };
const taken = new Set<string>();

/** The pack that verdicts rest on; null while there is none, or none that holds. */
export const heldPack = computed(() => opened.value?.pack ?? null);

/** All check-ins that this phone has heard of. It is one object that grows; who reads it follows each change. */
export const checkIns = computed(() => ({ set, guests, version: version.value }));

let started: Promise<void> | null = null;
/** Settles when the parts that came last were opened, or found not to hold. */
let opening: Promise<void> = Promise.resolve();

/** Follow pack and check-ins. Resolves when a verdict can rest on what is stored. Doing it twice does no harm. */
export function watch(): Promise<void> {
  started ??= begin();
  return started;
}

/** Resolves when verdicts rest on all that has come so far, newest lists included. */
export async function settled(): Promise<void> {
  await watch();
  await opening.catch(() => undefined); // reported where it began
}

/** Between what the time is known to lie. */
export function timeNow(): Time {
  return trusted() ?? ANY_TIME;
}

async function begin(): Promise<void> {
  await Promise.all([openGate(), openHeard()]);
  effect(takeCheckIns);
  const first = new Promise<void>((resolve) => {
    effect(() => {
      const parts = packParts.value;
      if (paired.value === null || parts === null) {
        opened.value = null;
        resolve();
        return;
      }
      opening = open(parts);
      opening.then(resolve, reportError);
    });
  });
  await first;
}

/** Until the new parts are verified, the old ones hold. */
async function open(parts: PackParts): Promise<void> {
  const { trust, root, lists } = parts;
  const before = opened.peek()?.parts;
  if (before !== undefined && sameParts(before, parts)) return;
  const pack = await openPack(trust, root, lists.map(({ jwt }) => jwt));
  if (packParts.peek() === parts) opened.value = { parts, pack };
}

function sameParts(a: PackParts, b: PackParts): boolean {
  if (a.trust !== b.trust || a.root !== b.root || a.lists.length !== b.lists.length) return false;
  return a.lists.every(({ jwt }, index) => jwt === b.lists[index]?.jwt);
}

/** Take in what is new. Where something has gone, the set is made anew: a set of check-ins forgets nothing. */
function takeCheckIns(): void {
  const [brought, handed] = [seen.value, heard.value];
  const views = records('checkin').value;
  if (brought !== known.seen || handed.checkIns.length < known.heard.checkIns.length || views.length < known.records) {
    set = new CheckIns();
    guests = new Map(brought.meetings);
    taken.clear();
    known = { ...known, heard: { checkIns: [], undone: [] } };
    for (const each of brought.checkIns) set.add(each);
    for (const id of brought.undone) set.undo(id);
  }
  if (handed !== known.heard) {
    for (const each of handed.checkIns) set.add(each);
    for (const id of handed.undone) set.undo(id);
  }
  known = { seen: brought, heard: handed, records: views.length };
  for (const { id, values } of views) {
    if (taken.has(id)) continue;
    taken.add(id);
    const told = readCheckin(id, values.checkin);
    if (told === null) continue;
    set.add(told.event);
    if (told.event.way !== 'undo' && told.meeting !== null) guests.set(told.event.subject, told.meeting);
  }
  version.value = version.peek() + 1;
}
