/**
 * Whether to let someone through: one pure function, the same in Python and TypeScript (tests/vectors/gate).
 *
 * The steps are asked in turn; the first that has a reason decides. Nothing here knows a clock, a store or a network.
 */

import { CodeError } from '../../codes/base.ts';
import { type Facts, factsOf, NOTHING } from './facts.ts';
import type { OpenPack } from './packs.ts';
import type { CheckIns } from './presence.ts';
import { type Next, OUTCOMES, type Reason, type Word } from './reasons.ts';
import { believe, read, type Shown } from './shown.ts';
import { type Case, ENTRY, EXIT, type Gate, type Time } from './steps.ts';

export type { Facts } from './facts.ts';
export type { Gate, Time } from './steps.ts';

/** What the guard sees: a large word, why, what to do next, and what is known. */
export interface Verdict {
  readonly word: Word;
  readonly reason: Reason;
  readonly next: Next;
  readonly facts: Facts;
}

/** Where and when a code is judged, and by what. */
export interface Scene {
  readonly pack: OpenPack | null;
  readonly checkIns: CheckIns;
  readonly gate: Gate;
  readonly time: Time;
}

/** For a phone that never heard a server: nothing that depends on the time is sure. */
export const ANY_TIME: Time = { low: 0, high: Number.MAX_SAFE_INTEGER };

/** Judge a scanned text, which may hold anything: it never throws. */
export async function verdict(code: string, { pack, checkIns, gate, time }: Scene): Promise<Verdict> {
  let shown: Shown;
  try {
    shown = await believe(read(code), pack);
  } catch (error) {
    if (error instanceof CodeError) return verdictOf(error.reason, NOTHING);
    throw error;
  }
  const past = checkIns.of(shown.subject);
  const wasShown = shown.id !== null && checkIns.wasShown(shown.id);
  const known: Case = { ...shown, ...time, lists: pack?.lists ?? new Map(), past, wasShown, gate };
  return verdictOf(firstReason(known), factsOf(shown, past));
}

function firstReason(known: Case): Reason {
  for (const step of known.gate.way === 'in' ? ENTRY : EXIT) {
    const reason = step(known);
    if (reason !== null) return reason;
  }
  throw new Error('expected the last step to have a reason');
}

function verdictOf(reason: Reason, facts: Facts): Verdict {
  const [word, next] = OUTCOMES[reason];
  // a challenge needs no right time, but only a phone can answer it
  if (reason === 'time_unsure' && facts.presentation !== null) return { word, reason, next: 'challenge', facts };
  // an identity has no host
  if (reason === 'revoked' && facts.sort === 'identity') return { word, reason, next: 'call_officer', facts };
  return { word, reason, next, facts };
}
