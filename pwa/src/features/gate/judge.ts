/** From a scanned text to what the guard sees, and to the record of it. */
import { signal } from '@preact/signals';

import { paired } from '../../data/pack.ts';
import { change, newId } from '../../data/records.ts';
import { logScan } from '../../data/scans.ts';
import { saveTime } from '../../data/time.ts';
import { codeOf } from '../../ui/task.tsx';
import { challenge, renewChallenge, spendChallenge } from './challenge.ts';
import { checkinValue, passes, timeOfId, undoValue } from './checkin.ts';
import { nameOf } from './said.ts';
import { verdict as verdictOf } from './verdict.ts';
import type { Gate, Verdict } from './verdict.ts';
import { checkIns, heldPack, timeNow, watch } from './watch.ts';

/** A code that was judged. */
export interface Judged {
  /** Names the scan in the log; the check-in, if there is one, has the same id. */
  id: string;
  code: string;
  /** Ms since 1970. */
  at: number;
  gate: Gate;
  verdict: Verdict;
  /** The check-in that stands. */
  checkin: string | null;
  /** Why the check-in could not be stored. */
  unsaved: string | null;
  /** Why the guard let pass against the verdict. */
  override: string | null;
}

/** Which way people go past the guard now. */
export const way = signal<'in' | 'out'>('in');

/** Refusals by how late it is. How late is kept before one is shown, so that the app opened anew says the same. */
const TOO_LATE: ReadonlySet<string> = new Set(['late', 'expired', 'presentation_old']);

let turn: Promise<unknown> = Promise.resolve();

/** Judge a code. Whoever may pass is recorded on this phone for good before this resolves. One code after the other. */
export function judge(code: string): Promise<Judged | null> {
  const judging = turn.then(() => judgeNow(code));
  turn = judging.catch(() => undefined); // whoever asked is told
  return judging;
}

/** Let pass against the verdict: it is recorded with the reason. Rejects when that can't be stored. */
export async function override(judged: Judged, why: string): Promise<Judged> {
  const { gate, verdict, code } = judged;
  const id = newId();
  const at = timeOfId(id);
  await change('checkin', id, { checkin: checkinValue({ gate, verdict, at, override: why }) });
  const done = { id, code, at, gate, verdict, checkin: id, unsaved: null, override: why };
  await log(done);
  return done;
}

/** Take a check-in back. Rejects when that can't be stored. */
export async function undo(of: string, why: string | null): Promise<void> {
  const gate = gateNow();
  if (gate === null) return;
  const id = newId();
  await change('checkin', id, { checkin: undoValue(gate, { of, at: timeOfId(id), why }) });
}

async function judgeNow(code: string): Promise<Judged | null> {
  await watch();
  const gate = gateNow();
  if (gate === null) return null;
  const verdict = await verdictOf(code, {
    pack: heldPack.peek(),
    checkIns: checkIns.peek().set,
    gate,
    time: timeNow(),
  });
  spendChallenge(gate.challenge, verdict);
  if (TOO_LATE.has(verdict.reason)) await saveTime().catch(reportError);
  const id = newId();
  const at = timeOfId(id);
  const judged: Judged = { id, code, at, gate, verdict, checkin: null, unsaved: null, override: null };
  if (passes(verdict)) {
    try {
      await change('checkin', id, { checkin: checkinValue({ gate, verdict, at, override: null }) });
      judged.checkin = id;
    } catch (error) {
      judged.unsaved = codeOf(error);
    }
  }
  // The log is for the guard alone; people do not wait for it.
  void log(judged).catch(reportError);
  return judged;
}

async function log({ id, at, verdict, gate, checkin }: Judged): Promise<void> {
  const { word, reason, facts } = verdict;
  await logScan({ id, at, word, reason, way: gate.way, name: nameOf(facts), subject: facts.subject, checkin });
}

function gateNow(): Gate | null {
  const gate = paired.peek();
  if (gate === null) return null;
  const { unit, place, bit } = gate;
  renewChallenge();
  return { unit, place, bit, way: way.peek(), challenge: challenge.peek()?.nonce ?? null };
}
