import { describe, expect, it } from 'vitest';

import * as batch from './batch.ts';
import * as canonical from './canonical.ts';
import type { Value } from './canonical.ts';
import * as change from './change.ts';
import type { Change } from './change.ts';
import * as record from './record.ts';
import { cases, orders, type Parts, refusal, text } from './testing/vectors.ts';

type ChangeJson = Omit<Change, 'context'> & { context: Record<string, number> };

describe('canonical.json', () => {
  type Case = { json?: Parts; hex?: string; canonical?: Parts; error?: string; unencodable?: string };
  it.each(cases<Case>('canonical'))('R10 $name', async (each) => {
    const data = each.hex === undefined ? text(each.json ?? '') : Uint8Array.from(Buffer.from(each.hex, 'hex'));
    if (each.error !== undefined) expect(await refusal(() => canonical.decode(data))).toBe(each.error);
    else if (each.unencodable !== undefined)
      expect(await refusal(() => canonical.encode(canonical.decode(data)))).toBe(each.unencodable);
    else expect(canonical.stringify(canonical.decode(data))).toBe(text(each.canonical ?? ''));
  });
});

describe('values.json', () => {
  it.each(cases<{ json: Parts; error: string | null }>('values'))('R12 $name', async ({ json, error }) => {
    const value = canonical.decode(text(json));
    expect(await refusal(() => canonical.check(value))).toBe(error);
  });
});

describe('joins.json', () => {
  type Case = { states: Value[]; joined: Value; digest: string };
  it.each(cases<Case>('joins'))('$name', async ({ states, joined, digest }) => {
    for (const order of orders(states.map(record.fromJson))) {
      const left = order.reduce(record.join);
      const right = order.reduceRight((late, state) => record.join(state, late));
      expect(record.toJson(left)).toEqual(joined);
      expect([await record.digest(left), await record.digest(right)]).toEqual([digest, digest]);
    }
  });
});

describe('writes.json', () => {
  type Case = { state: Value; draft: Omit<Change, 'n' | 'context'>; change?: ChangeJson; error?: string };
  it.each(cases<Case>('writes'))('$name', async ({ state, draft, change: expected, error }) => {
    const write = () => record.write(record.fromJson(state), draft);
    if (expected === undefined) expect(await refusal(write)).toBe(error);
    else expect({ ...write(), context: Object.fromEntries(write().context) }).toEqual(expected);
  });
});

describe('admits.json', () => {
  type Case = { state: Value; change: ChangeJson; joined?: Value; digest?: string; error?: string };
  it.each(cases<Case>('admits'))('$name', async ({ state, change: json, joined, digest, error }) => {
    const incoming = { ...json, context: new Map(Object.entries(json.context)) };
    const admit = () => record.admit(record.fromJson(state), incoming);
    if (error !== undefined) expect(await refusal(admit)).toBe(error);
    else {
      expect(record.toJson(admit())).toEqual(joined);
      expect(await record.digest(admit())).toBe(digest);
    }
  });
});

describe('cuts.json', () => {
  type Case = { state: Value; change: ChangeJson; context: Record<string, number> };
  it.each(cases<Case>('cuts'))('$name', ({ state, change: json, context }) => {
    const change = { ...json, context: new Map(Object.entries(json.context)) };
    const cut = record.cut(record.fromJson(state), change);
    expect(cut).toEqual({ ...change, context: new Map(Object.entries(context)) });
  });
});

describe('changes.json', () => {
  it.each(cases<{ json: Parts; error: string | null }>('changes'))('B1 $name', async ({ json, error }) => {
    expect(await refusal(() => change.parse(canonical.decode(text(json)), 'a'))).toBe(error);
  });
});

describe('batches.json', () => {
  type Read = { device: string; seq: number; prev: string; at: number; keys: string[] | number; hash: string };
  type Case = { jws?: Parts; header?: Parts; payload?: Parts; signature?: string; batch?: Read; error?: string };
  it.each(cases<Case>('batches'))('B1 $name', async (each) => {
    const part = (parts: Parts | undefined) => batch.base64url(new TextEncoder().encode(text(parts ?? '')));
    const jws =
      each.jws === undefined ? [part(each.header), part(each.payload), each.signature].join('.') : text(each.jws);
    if (each.batch === undefined) {
      expect(await refusal(() => batch.parse(jws))).toBe(each.error);
      return;
    }
    const { device, seq, prev, at, changes, hash, signingInput, signature } = await batch.parse(jws);
    const keys = typeof each.batch.keys === 'number' ? changes.length : changes.map(({ key }) => key);
    expect({ device, seq, prev, at, keys, hash }).toEqual(each.batch);
    expect(`${new TextDecoder().decode(signingInput)}.${batch.base64url(signature)}`).toBe(jws);
  });
});
