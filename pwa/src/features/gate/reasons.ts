/** Every answer that the guard can get: the reason, its word, and what to do next. */

import type { CodeReason } from '../../codes/base.ts';

/** The large word on the guard's screen. */
export type Word = 'ADMIT' | 'CHECK' | 'REFUSE';

export type Reason =
  | CodeReason
  | 'other_gate'
  | 'claimed'
  | 'challenge_missing'
  | 'challenge_wrong'
  | 'presentation_old'
  | 'presentation_ahead'
  | 'replayed'
  | 'early'
  | 'late'
  | 'expired'
  | 'revoked'
  | 'reissued'
  | 'used'
  | 'inside'
  | 'list_missing'
  | 'list_stale'
  | 'time_unsure'
  | 'conflict'
  | 'not_inside'
  | 'exit'
  | 'invitation'
  | 'age'
  | 'identity';

export type Next =
  | 'ask_code'
  | 'call_officer'
  | 'refresh'
  | 'show_place'
  | 'show_gate'
  | 'open_app'
  | 'challenge'
  | 'ask_again'
  | 'wait'
  | 'call_host'
  | 'newest_code'
  | 'exit_first'
  | 'let_out'
  | 'go_out'
  | 'go_in'
  | 'compare_photo';

/** What each reason means for the guard. */
export const OUTCOMES: Readonly<Record<Reason, readonly [word: Word, next: Next]>> = {
  // the text is no code that can be read
  not_a_code: ['REFUSE', 'ask_code'],
  card: ['REFUSE', 'ask_code'],
  malformed: ['REFUSE', 'ask_code'],
  trailing_bytes: ['REFUSE', 'call_officer'],
  duplicate_keys: ['REFUSE', 'call_officer'],
  algorithm: ['REFUSE', 'call_officer'],
  // it can't be believed
  no_pack: ['CHECK', 'refresh'],
  unknown_issuer: ['REFUSE', 'call_officer'],
  forged: ['REFUSE', 'call_officer'],
  holder: ['REFUSE', 'call_officer'],
  // it is not for here
  other_place: ['REFUSE', 'show_place'],
  other_gate: ['REFUSE', 'show_gate'],
  // it was not made now, by the phone in front of the guard
  claimed: ['REFUSE', 'open_app'],
  challenge_missing: ['REFUSE', 'challenge'],
  challenge_wrong: ['REFUSE', 'challenge'],
  presentation_old: ['REFUSE', 'ask_again'],
  presentation_ahead: ['REFUSE', 'challenge'],
  replayed: ['REFUSE', 'ask_again'],
  // it does not hold now
  early: ['REFUSE', 'wait'],
  late: ['REFUSE', 'call_host'],
  expired: ['REFUSE', 'call_officer'],
  revoked: ['REFUSE', 'call_host'],
  reissued: ['REFUSE', 'newest_code'],
  used: ['REFUSE', 'call_host'],
  inside: ['REFUSE', 'exit_first'],
  // it can't be told for sure
  list_missing: ['CHECK', 'refresh'],
  list_stale: ['CHECK', 'refresh'],
  time_unsure: ['CHECK', 'refresh'],
  conflict: ['CHECK', 'call_officer'],
  not_inside: ['CHECK', 'let_out'],
  // all is well
  exit: ['ADMIT', 'go_out'],
  invitation: ['ADMIT', 'go_in'],
  age: ['ADMIT', 'go_in'],
  identity: ['ADMIT', 'compare_photo'],
};
