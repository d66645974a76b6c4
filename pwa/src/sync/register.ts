/** A multi-value register: what SPEC.md R3 to R8 say of one key of a record. */

import { encode, type Value } from './canonical.ts';

/** Replica id -> the greatest `n` of that replica that was seen in this register. */
export type Context = ReadonlyMap<string, number>;

/** One written value. `n` and `replica` are its stamp, `at` the writer's claimed time in ms since 1970. */
export interface Head {
  readonly n: number;
  readonly replica: string;
  readonly value: Value;
  readonly at: number;
}

/**
 * Heads in ascending stamp order, and the context: every stamp this register has seen, the heads' own included.
 * A replica has at most one head, because its later write covers its earlier one (R5).
 */
export interface Register {
  readonly heads: readonly Head[];
  readonly context: Context;
}

/** The value of the greatest stamp (R8). */
export function shown(register: Register): Value {
  return register.heads[register.heads.length - 1]?.value ?? null;
}

/** The other heads, which wait for a person to choose (R8). */
export function conflicts(register: Register): readonly Head[] {
  return register.heads.slice(0, -1);
}

/**
 * Return the least register that has seen all that `a` and `b` have (R6).
 *
 * The causal join of delta-state CRDTs (Almeida, Shoker, Baquero 2018): a head stays when both sides have it, or
 * when the other side has never seen its stamp.
 */
export function join(a: Register, b: Register): Register {
  const context = new Map(a.context);
  for (const [replica, n] of b.context) if (n > (context.get(replica) ?? 0)) context.set(replica, n);
  const heads = new Map([...surviving(a, b), ...surviving(b, a)].map((head) => [stamp(head), head]));
  return { heads: [...heads.values()].sort(byStamp), context };
}

export function toJson(register: Register): Value {
  return {
    heads: register.heads.map(({ n, replica, value, at }) => ({ n, replica, value, at })),
    context: Object.fromEntries(register.context),
  };
}

function surviving(mine: Register, other: Register): Head[] {
  const theirs = new Map(other.heads.map((head) => [stamp(head), head]));
  return mine.heads.flatMap((head) => {
    const twin = theirs.get(stamp(head));
    if (twin !== undefined) return [outranks(twin, head) ? twin : head];
    return head.n > (other.context.get(head.replica) ?? 0) ? [head] : [];
  });
}

function stamp(head: Head): string {
  return `${head.n} ${head.replica}`;
}

function byStamp(a: Head, b: Head): number {
  return a.n - b.n || (a.replica < b.replica ? -1 : 1);
}

/** Order two heads of one stamp, which only a faulty replica can write, so that all sides keep the same (R6). */
function outranks(a: Head, b: Head): boolean {
  return (compareBytes(encode(a.value), encode(b.value)) || a.at - b.at) > 0;
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const differs = a.findIndex((byte, index) => byte !== b[index]);
  if (differs < 0) return a.length - b.length;
  return (a[differs] ?? 0) - (b[differs] ?? -1);
}
