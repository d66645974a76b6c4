/** A record's state: registers by key (SPEC.md R2), its JSON form, and its digest (R11). */

import { type Bytes, check, encode as encodeValue, nfc, type Value } from './canonical.ts';
import { type Change, register as registerOf } from './change.ts';
import { LEAP, RECORD_BYTES, refuse, REGISTERS, REPLICAS } from './limits.ts';
import * as registers from './register.ts';
import type { Context, Head, Register } from './register.ts';

export type State = ReadonlyMap<string, Register>;

export const EMPTY: State = new Map();

/** Return the state that has seen all that `a` and `b` have (R6). */
export function join(a: State, b: State): State {
  const joined = new Map(a);
  for (const [key, theirs] of b) {
    const mine = joined.get(key);
    joined.set(key, mine === undefined ? theirs : registers.join(mine, theirs));
  }
  return joined;
}

/** Return `state` with `change` joined in (R7). */
export function apply(state: State, change: Change): State {
  return join(state, new Map([[change.key, registerOf(change)]]));
}

/** Return the greatest `n` that this state has seen; 0 when it is empty (R3). */
export function greatest(state: State): number {
  let most = 0;
  for (const { context } of state.values()) for (const n of context.values()) most = Math.max(most, n);
  return most;
}

/**
 * Return the change by which `replica`, who sees `state`, writes `value` to `key` (R3, R4).
 *
 * Texts are brought to normal form C; a value that R10 or R12 does not admit throws `Invalid`, so that a replica
 * never signs what others must refuse.
 */
export function write(state: State, draft: Omit<Change, 'n' | 'context'>): Change {
  const value = nfc(draft.value);
  check(value);
  return { ...draft, value, n: greatest(state) + 1, context: seen(state, draft.key) };
}

/** Apply a change that came from outside, or throw `Invalid` when R12 or R13 refuse it. */
export function admit(state: State, change: Change): State {
  const context = seen(state, change.key);
  for (const [replica, n] of change.context) {
    const known = context.get(replica) ?? 0;
    if (replica !== change.replica && n > known)
      refuse('context_ahead', `expected at most ${known} of ${replica}, got ${n}`);
  }
  const own = context.get(change.replica) ?? 0;
  if (change.n <= own) refuse('stamp_behind', `expected n past ${own}, got ${change.n}`);
  const most = greatest(state);
  if (change.n > most + LEAP) refuse('stamp_leap', `expected n within ${LEAP} of ${most}, got ${change.n}`);
  const applied = apply(state, change);
  if (applied.size > REGISTERS) refuse('record_registers', `expected at most ${REGISTERS} keys in a record`);
  if (seen(applied, change.key).size > REPLICAS)
    refuse('context_size', `expected at most ${REPLICAS} replicas in a register`);
  const size = encode(applied).length;
  if (size > RECORD_BYTES) refuse('record_size', `expected a record of at most ${RECORD_BYTES} bytes, got ${size}`);
  return applied;
}

/** Return `change` with no more in its context, of each other replica, than the state's own context has (R14). */
export function cut(state: State, change: Change): Change {
  const known = seen(state, change.key);
  const context = new Map<string, number>();
  for (const [replica, n] of change.context) {
    const kept = replica === change.replica ? n : Math.min(n, known.get(replica) ?? 0);
    if (kept > 0) context.set(replica, kept);
  }
  return { ...change, context };
}

/** Return the value that each key shows, without the removed ones (R8, R9). */
export function shown(state: State): Record<string, Value> {
  const values = [...state].map(([key, register]): [string, Value] => [key, registers.shown(register)]);
  return Object.fromEntries(values.filter(([, value]) => value !== null));
}

/** Return the other heads of each key that has any (R8). */
export function conflicts(state: State): Record<string, readonly Head[]> {
  const others = [...state].map(([key, register]): [string, readonly Head[]] => [key, registers.conflicts(register)]);
  return Object.fromEntries(others.filter(([, heads]) => heads.length > 0));
}

/** Return `{key: {"heads": [{"n", "replica", "value", "at"}...], "context": {replica: n}}}`. */
export function toJson(state: State): { readonly [key: string]: Value } {
  return Object.fromEntries([...state].map(([key, register]) => [key, registers.toJson(register)]));
}

/** Read what `toJson` wrote. It trusts its input: states come from our own store or server, never from a person. */
export function fromJson(data: unknown): State {
  const entries = Object.entries(data as Record<string, { heads: Head[]; context: Record<string, number> }>);
  return new Map(
    entries.map(([key, { heads, context }]) => [key, { heads, context: new Map(Object.entries(context)) }]),
  );
}

/** Return the RFC 8785 bytes of the state. */
export function encode(state: State): Bytes {
  return encodeValue(toJson(state));
}

/** Return the lower-case hex SHA-256 of the state's canonical bytes: equal digests mean equal states (R11). */
export async function digest(state: State): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', encode(state)));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function seen(state: State, key: string): Context {
  return state.get(key)?.context ?? new Map<string, number>();
}
