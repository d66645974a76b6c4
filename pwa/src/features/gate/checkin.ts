/** The records of who went in and out, as the server and the other guards' phones read them. */
import type { Value } from '../../sync/canonical.ts';
import type { Gate, Verdict } from './verdict.ts';

export interface Passage {
  gate: Gate;
  verdict: Verdict;
  /** Ms since 1970; the id of the record is of the same ms. */
  at: number;
  /** Why the guard lets pass against the verdict. */
  override: string | null;
}

/** Words that may still let someone pass, once it is known whose code it is. */
const LETS_PASS: ReadonlySet<string> = new Set(['ADMIT', 'not_inside']);

/** Whether the verdict itself makes a record: someone may pass, or leaves all the same. */
export function passes({ word, reason, facts }: Verdict): boolean {
  return facts.subject !== null && (LETS_PASS.has(word) || LETS_PASS.has(reason));
}

/** Whether a guard may decide against the verdict: only when it is known for sure whose code it is. */
export function overridable(verdict: Verdict): boolean {
  return verdict.facts.subject !== null && !passes(verdict);
}

/** Return the value of a `checkin` record. The verdict names a subject, or there is nothing to record. */
export function checkinValue({ gate, verdict, at, override }: Passage): Value {
  const { word, reason, facts } = verdict;
  if (facts.subject === null || facts.sort === null) throw new Error('expected a verdict about a known subject');
  return {
    unit: gate.unit,
    place: gate.place,
    gate: gate.bit,
    subject: facts.subject,
    sort: facts.sort,
    meeting: facts.meeting,
    way: gate.way,
    at,
    max: facts.max ?? 0,
    word,
    reason,
    override,
    shown: facts.presentation,
  };
}

/** Return the value of a `checkin` record that takes another one back. */
export function undoValue(gate: Gate, { of, at, why }: { of: string; at: number; why: string | null }): Value {
  return { unit: gate.unit, place: gate.place, gate: gate.bit, way: 'undo', of, at, why };
}

/** Return the time of a UUIDv7, in ms since 1970. */
export function timeOfId(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}
