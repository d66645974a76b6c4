/** Plays a history of one record among several replicas and a server; `tests/sync/histories.py` says what a step is. */

import type { Value } from '../canonical.ts';
import * as canonical from '../canonical.ts';
import * as change from '../change.ts';
import type { Change } from '../change.ts';
import { Invalid } from '../limits.ts';
import * as record from '../record.ts';
import type { State } from '../record.ts';

export type Step =
  | ['write', string, string, Value]
  | ['forge', string, string, number, Value, Record<string, number>]
  | ['meet', string, string]
  | ['push', string]
  | ['pull', string];

const NAME = { kind: 'draft', id: '0193569a-3f00-7000-8000-000000000001' };

/** What came of a history. `changes` are all that were made, `codes` what the server answered to each push. */
export class Played {
  readonly states = new Map<string, State>();
  readonly unsent = new Map<string, Change[]>();
  readonly changes: Change[] = [];
  readonly codes: string[] = [];
  server: State = record.EMPTY;

  state(replica: string): State {
    return this.states.get(replica) ?? record.EMPTY;
  }

  take(made: Change): void {
    this.states.set(made.replica, record.apply(this.state(made.replica), made));
    this.unsent.set(made.replica, [...(this.unsent.get(made.replica) ?? []), made]);
    this.changes.push(made);
  }

  /** Return whether `act` was not refused, and note the code by which it was. */
  attempt(act: () => void): boolean {
    try {
      act();
      return true;
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      this.codes.push(error.code);
      return false;
    }
  }

  push(replica: string): void {
    for (const each of this.unsent.get(replica) ?? [])
      if (this.attempt(() => (this.server = record.admit(this.server, each)))) this.codes.push('ok');
    this.unsent.delete(replica);
  }

  /** Return what both languages must have in common, byte for byte. */
  async summary(): Promise<Value> {
    const states = [...this.states].map(async ([replica, state]) => [replica, await record.digest(state)] as const);
    return {
      states: Object.fromEntries(await Promise.all(states)),
      server: await record.digest(this.server),
      shown: canonical.stringify(record.shown(this.server)),
      changes: this.changes.map((each) => canonical.stringify(change.toJson(each))),
      codes: this.codes,
    };
  }
}

/** Play `history` from nothing; the time of each step is its number. */
export function play(history: readonly Step[]): Played {
  const played = new Played();
  for (const [index, step] of history.entries()) {
    const [what, replica] = step;
    const at = index + 1;
    const state = played.state(replica);
    played.states.set(replica, state);
    if (what === 'write') {
      const [, , key, value] = step;
      played.take(record.write(state, { ...NAME, key, replica, value, at }));
    } else if (what === 'forge') {
      const [, , key, n, value, context] = step;
      played.attempt(() => played.take(change.parse({ ...NAME, key, n, value, at, context }, replica)));
    } else if (what === 'meet') {
      played.states.set(step[2], played.state(step[2]));
      played.states.set(replica, record.join(played.state(replica), played.state(step[2])));
    } else if (what === 'push') played.push(replica);
    else played.states.set(replica, record.join(state, played.server));
  }
  return played;
}
