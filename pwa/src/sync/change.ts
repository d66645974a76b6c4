/** A change: one key of one record written once (SPEC.md R7, R13). */

import { check, isObject, type Value } from './canonical.ts';
import { INTEGER, refuse, REPLICAS } from './limits.ts';
import type { Context, Register } from './register.ts';

const KIND = /^[a-z][a-z_]{0,31}$/;
const ID = /^[A-Za-z0-9_-]{1,64}$/;
const KEY = /^[a-z0-9_./-]{1,200}$/;
export const REPLICA = /^[A-Za-z0-9_-]{1,43}$/;
const FIELDS = ['kind', 'id', 'key', 'n', 'value', 'at', 'context'];

/** `replica` writes `value` to `key`, having seen `context` of that register. `at` is its claimed time in ms. */
export interface Change {
  readonly kind: string;
  readonly id: string;
  readonly key: string;
  readonly n: number;
  readonly replica: string;
  readonly value: Value;
  readonly at: number;
  readonly context: Context;
}

/** Return the smallest register that holds this change; applying it is joining this (R7). */
export function register({ n, replica, value, at, context }: Change): Register {
  return { heads: [{ n, replica, value, at }], context: new Map([...context, [replica, n]]) };
}

/** Return what stands for this change in a batch; the batch's device is its replica. */
export function toJson({ kind, id, key, n, value, at, context }: Change): { readonly [name: string]: Value } {
  return { kind, id, key, n, value, at, context: Object.fromEntries(context) };
}

/** Read one change of a batch that `replica` signed. What the rules do not admit throws `Invalid`. */
export function parse(data: Value, replica: string): Change {
  if (!hasExactly(data, FIELDS)) return refuse('change_shape', `expected an object with exactly ${FIELDS.join()}`);
  const change: Change = {
    kind: text(data.kind, KIND, 'kind'),
    id: text(data.id, ID, 'id'),
    key: text(data.key, KEY, 'key'),
    n: count(data.n, 'n'),
    replica,
    value: data.value as Value,
    at: count(data.at, 'at'),
    context: contextOf(data.context),
  };
  check(change.value);
  for (const n of change.context.values())
    if (change.n <= n) refuse('stamp_behind', "expected n greater than every n of the change's context");
  return change;
}

/** Tell whether `value` is an object of just these names. */
export function hasExactly(value: unknown, names: readonly string[]): value is { readonly [name: string]: Value } {
  if (!isObject(value) || Object.keys(value).length !== names.length) return false;
  return names.every((name) => Object.hasOwn(value, name));
}

export function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

function text(value: unknown, pattern: RegExp, name: string): string {
  if (typeof value === 'string' && pattern.test(value)) return value;
  return refuse('change_shape', `expected ${name} to match ${pattern.source}`);
}

function count(value: unknown, name: string): number {
  if (isWhole(value)) return value;
  return refuse('change_shape', `expected ${name} to be a whole number from 1 to ${INTEGER}`);
}

function contextOf(value: unknown): Context {
  if (!isObject(value)) return refuse('change_shape', 'expected context to be an object of replica: n');
  const entries = Object.entries(value);
  if (entries.length > REPLICAS)
    refuse('context_size', `expected at most ${REPLICAS} replicas in a context, got ${entries.length}`);
  return new Map(entries.map(([replica, n]) => [text(replica, REPLICA, 'replica'), count(n, 'n')]));
}
