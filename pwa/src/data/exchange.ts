/** `POST /sync`: push what waits and pull what is new, in one round trip, until nothing is left of either. */

import { shown } from '../sync/record.ts';
import { type Answer, read } from './answer.ts';
import { clock } from './clock.ts';
import type { Account, Device, Name, Reading, Sealed } from './db.ts';
import { meta, reading, setMeta, standing, writing } from './db.ts';
import { dropGateCursors } from './gate.ts';
import { call } from './http.ts';
import { seal, sealable, untaken } from './outbox.ts';
import { Problem } from './problem.ts';
import { takeEntries } from './pull.ts';
import { bringBack, carryOut, plan } from './push.ts';
import { alone, tell } from './tabs.ts';
import { keepTime } from './time.ts';
import { locked } from './vault.ts';

const ENTRIES = 200;
/** The server takes requests of up to 2 MiB, and a batch may have 256 KiB. */
const BATCHES = 6;
/** Round trips in a row by which nothing moves. */
const PATIENCE = 8;
const PUBLIC = 'public';
/** What the server signs for which acts. */
const RECEIPTS = new Map([
  ['submission', 'receipt'],
  ['acknowledgement', 'countersignature'],
]);
const MOST_RECEIPTS = 64;

/** What one round trip is about, as it stood when it began. */
interface Round {
  account: Account | undefined;
  device: Device | undefined;
  epoch: string | null;
  cursors: Record<string, number>;
  batches: Sealed[];
  receipts: Record<string, string>;
  /** Whether there is something that a backup may have by now. */
  keeps: boolean;
}

/** How an exchange ended: `later` when something waits that can only be sent after a while. */
export interface Ended {
  later: boolean;
}

/** Exchange until nothing is left to send or to pull. Throws `Problem` when the server is out of reach or refuses. */
export function exchange(): Promise<Ended> {
  return alone(exchangeAlone);
}

async function exchangeAlone(): Promise<Ended> {
  let narrow = false;
  for (let idle = 0; idle < PATIENCE; idle += 1) {
    await seal(Date.now);
    const round = await begin(narrow);
    // What comes and goes is personal, and without the key it can be neither kept nor read.
    if (locked.peek()) return { later: false };
    let answer: Answer;
    const asked = clock.asking();
    try {
      answer = read(await call('POST', '/sync', bodyOf(round)), round.batches.length);
    } catch (error) {
      const code = error instanceof Problem ? error.code : '';
      if (code === 'signed_out' || (code === 'feed_forbidden' && narrow)) await endSession(round);
      if (code !== 'feed_forbidden' || narrow) throw error;
      // A role has ended, and with it a feed. What may still be read is learnt by naming only what always may be.
      narrow = true;
      continue;
    }
    clock.heard(answer.time, asked);
    const ended = await take(round, answer);
    if (ended !== null) return ended;
    if (answer.entries.length > 0 || answer.verdicts.some((each) => 'refused' in each)) idle = 0;
  }
  return { later: true };
}

function bodyOf({ epoch, cursors, batches, device, receipts, keeps }: Round): object {
  return {
    ...{ epoch, cursors, batches: batches.map(({ jws }) => jws), limit: ENTRIES },
    ...(Object.keys(receipts).length > 0 && { receipts }),
    // Whoever sends is in a hurry; what is backed up is asked when there is nothing to send.
    ...(device !== undefined && keeps && batches.length === 0 && { device: device.id }),
  };
}

async function begin(narrow: boolean): Promise<Round> {
  return reading(async (tx) => {
    const [account, device, { epoch }] = await Promise.all([meta(tx, 'account'), meta(tx, 'device'), standing(tx)]);
    const all = device?.enrolled === true ? await tx.objectStore('batches').getAll() : [];
    const batches = (await sendable(tx, all)).slice(0, BATCHES);
    const [cursors, receipts] = [await cursorsOf(tx, account, narrow), await receiptsFor(tx, batches)];
    return { account, device, epoch, cursors, batches, receipts, keeps: all.some(({ state }) => state === 'kept') };
  });
}

/** The batches that wait, up to the first one that names a file of this phone which the server has not whole (B7). */
async function sendable(tx: Reading, all: readonly Sealed[]): Promise<Sealed[]> {
  const waiting = all.filter(({ state }) => state === 'waiting');
  const lacking = new Set<string>();
  if (waiting.some(({ files = [] }) => files.length > 0)) {
    for (const { sha256, whole, failed } of await tx.objectStore('files').getAll()) {
      if (!whole && failed === null) lacking.add(sha256);
    }
  }
  const held = waiting.findIndex(({ files = [] }) => files.some((name) => lacking.has(name)));
  return held === -1 ? waiting : waiting.slice(0, held);
}

/** What the server had signed for the acts in these batches, before it was restored (SPEC.md B8). */
async function receiptsFor(tx: Reading, batches: readonly Sealed[]): Promise<Record<string, string>> {
  const receipts: Record<string, string> = {};
  for (const { seq } of batches) {
    for (const { kind, id } of await tx.objectStore('changes').index('batch').getAll(seq)) {
      const of = RECEIPTS.get(kind);
      const base = of === undefined ? undefined : await tx.objectStore('base').get([of, id]);
      if (base === undefined || Object.keys(receipts).length === MOST_RECEIPTS) continue;
      const { jws } = shown(base.state);
      if (typeof jws === 'string') receipts[`${base.kind}/${id}`] = jws;
    }
  }
  return receipts;
}

/** The person's own feed is always named, so that an ended session is answered with `signed_out`. */
async function cursorsOf(tx: Reading, account: Account | undefined, narrow: boolean): Promise<Record<string, number>> {
  const own = account === undefined ? [PUBLIC] : [PUBLIC, `person/${account.id}`];
  const known = await tx.objectStore('cursors').getAll();
  const cursors = Object.fromEntries(own.map((feed) => [feed, 0]));
  for (const { feed, seq } of known) if (!narrow || own.includes(feed)) cursors[feed] = seq;
  return cursors;
}

/** Store what an answer brings, in one transaction. Returns null when there is more to exchange. */
async function take(round: Round, answer: Answer): Promise<Ended | null> {
  const { account, device, epoch, batches } = round;
  const planned = device === undefined ? null : await plan(answer, batches, device);
  const another = epoch !== null && epoch !== answer.epoch;
  const kept = another ? await untaken(0, new Set(planned?.taken.map(({ sealed }) => sealed.seq))) : [];
  const taken = await writing(async (tx) => {
    // What was asked for somebody who has left this phone is nobody's business any more.
    if ((await meta(tx, 'account'))?.id !== account?.id || (await meta(tx, 'device'))?.id !== device?.id) return null;
    const back = another ? await bringBack(tx, kept) : [];
    const names = [...back, ...(await takeEntries(tx, answer))];
    // From their beginning the gates' feeds are long; a new pack is short.
    if (another) await dropGateCursors(tx);
    const done = planned === null ? null : await carryOut(tx, planned, answer, answer.time);
    const { sentAt } = await standing(tx);
    await setMeta(tx, 'standing', {
      epoch: answer.epoch,
      sentAt: planned !== null && planned.taken.length > 0 ? answer.time : sentAt,
    });
    await keepTime(tx);
    const now = await meta(tx, 'account');
    if (now !== undefined) await setMeta(tx, 'account', { ...now, signedOut: done?.foreign === true });
    const left = await waits(tx);
    return { names: [...names, ...(done?.names ?? [])], later: done?.later === true, left };
  });
  if (taken === null) return null;
  await tell({ records: unique(taken.names), account: true });
  if (taken.later && !answer.more) return { later: true };
  return answer.more || taken.left ? null : { later: false };
}

/** Whether there is something that could be sent at once. */
async function waits(tx: Reading): Promise<boolean> {
  const device = await meta(tx, 'device');
  const account = await meta(tx, 'account');
  if (device?.enrolled !== true || account === undefined || account.signedOut) return false;
  const batches = await sendable(tx, await tx.objectStore('batches').getAll());
  return (await sealable(tx)).length > 0 || batches.length > 0;
}

async function endSession({ account }: Round): Promise<void> {
  await writing(async (tx) => {
    const now = await meta(tx, 'account');
    if (now !== undefined && now.id === account?.id) await setMeta(tx, 'account', { ...now, signedOut: true });
  });
  await tell({ records: [], account: true });
}

function unique(names: readonly Name[]): Name[] {
  return [...new Map(names.map((name) => [name.join(' '), name])).values()];
}
