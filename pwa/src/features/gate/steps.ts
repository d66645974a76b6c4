/** What a verdict looks at, step by step; each step gives the reason to stop there, or null. */

import { ANYWHERE } from '../../codes/presentation.ts';
import { type OpenPack, statusAt, type StatusList } from './packs.ts';
import type { Presence } from './presence.ts';
import type { Reason } from './reasons.ts';
import type { Shown } from './shown.ts';

/** How far the time in a presentation may be from trusted time. */
const FRESH_MS = 30_000;
/** How long an invitation that has ended is called late rather than expired. */
const LATE_MS = 12 * 3_600_000;

/** Values of a status list (server/statuslists.py); any other one revokes. */
const [VALID, REISSUED, CLAIMED] = [0, 12, 13] as const;

/** Where the guard stands. `bit` is the entrance's; `challenge` (16 hex digits) is set in challenge mode. */
export interface Gate {
  readonly unit: string;
  readonly place: number;
  readonly bit: number;
  readonly way: 'in' | 'out';
  readonly challenge: string | null;
}

/** Trusted time is somewhere from `low` to `high`, in ms since 1970. */
export interface Time {
  readonly low: number;
  readonly high: number;
}

/** All that the steps look at: a code that was believed, and what is known where it is shown. */
export interface Case extends Shown, Time {
  readonly lists: OpenPack['lists'];
  readonly past: Presence;
  readonly wasShown: boolean;
  readonly gate: Gate;
}

export type Step = (known: Case) => Reason | null;

const ofHere: Step = ({ issued, presented, unit, gate }) => {
  const isInvitation = issued.sort === 'invitation';
  if (isInvitation && (unit !== gate.unit || issued.place !== gate.place)) return 'other_place';
  if (presented === null || presented.audience === String(gate.place)) return null;
  return !isInvitation && presented.audience === ANYWHERE ? null : 'other_place';
};

const ofThisGate: Step = ({ issued, gate }) =>
  issued.sort === 'invitation' && ((issued.gates >> gate.bit) & 1) === 0 ? 'other_gate' : null;

/** A claimed invitation is worth nothing as an image: its holder's phone must present it. */
const bare: Step = ({ issued, presented }) => (issued.holder !== null && presented === null ? 'claimed' : null);

const challenged: Step = ({ presented, gate }) => {
  if (presented === null || presented.challenge === gate.challenge) return null;
  return presented.challenge === null ? 'challenge_missing' : 'challenge_wrong';
};

/** An answer to this guard's challenge is fresh by itself; any other presentation must have been made just now. */
const madeNow: Step = ({ presented, gate, low, high }) => {
  if (presented === null || gate.challenge !== null) return null;
  const made = presented.iat * 1000;
  if (made + FRESH_MS < low) return 'presentation_old';
  return made - FRESH_MS > high ? 'presentation_ahead' : null;
};

const shownOnce: Step = ({ wasShown }) => (wasShown ? 'replayed' : null);

const withinItsTime: Step = ({ issued, low, high }) => {
  const end = issued.exp * 1000;
  const isInvitation = issued.sort === 'invitation';
  if (isInvitation && issued.nbf * 1000 > high) return 'early';
  if (low < end) return null;
  return isInvitation && low < end + LATE_MS ? 'late' : 'expired';
};

/** What even an old list says against a code stands; only what it says for one needs a fresh list. */
const notRevoked: Step = (known) => {
  const status = statusOf(known);
  if (status === null || status === VALID) return null;
  if (status === REISSUED) return 'reissued';
  return status === CLAIMED ? 'claimed' : 'revoked';
};

const entriesLeft: Step = ({ issued, past }) => {
  if (issued.sort !== 'invitation') return null;
  if (issued.entries > 0 && past.entries >= issued.entries) return 'used';
  return past.inside ? 'inside' : null;
};

const listIsFresh: Step = (known) => {
  const list = listOf(known);
  if (list === undefined || statusOf(known) === null) return 'list_missing';
  return list.exp * 1000 <= known.high ? 'list_stale' : null;
};

/** Whatever was decided by time must hold at both ends of what trusted time may be. */
const timeIsSure: Step = ({ issued, presented, gate, low, high }) => {
  const isBegun = issued.sort !== 'invitation' || issued.nbf * 1000 <= low;
  const made = presented === null || gate.challenge !== null ? null : presented.iat * 1000;
  const isFresh = made === null || (made - FRESH_MS <= low && high <= made + FRESH_MS);
  return isBegun && isFresh && high < issued.exp * 1000 ? null : 'time_unsure';
};

const withoutConflict: Step = ({ past }) => (past.conflicts.length > 0 ? 'conflict' : null);

const admitted: Step = ({ issued }) => {
  if (issued.sort === 'invitation') return 'invitation';
  return issued.profile === 'age' ? 'age' : 'identity';
};

const letOut: Step = ({ past }) => (past.inside ? 'exit' : 'not_inside');

export const ENTRY: readonly Step[] = [
  ofHere,
  ofThisGate,
  bare,
  challenged,
  madeNow,
  shownOnce,
  withinItsTime,
  notRevoked,
  entriesLeft,
  listIsFresh,
  timeIsSure,
  withoutConflict,
  admitted,
];

/** Nobody is kept inside for what a code lacks. */
export const EXIT: readonly Step[] = [ofHere, ofThisGate, letOut];

function listOf({ issued, unit, lists }: Case): StatusList | undefined {
  return lists.get(`${issued.sort}_${unit}`);
}

function statusOf(known: Case): number | null {
  const list = listOf(known);
  return list === undefined ? null : statusAt(list, known.issued.index);
}
