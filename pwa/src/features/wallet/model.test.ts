import { describe, expect, test } from 'vitest';

import { encodeText, unhex } from '../../codes/base.ts';
import { toCnf } from '../../codes/cnf.ts';
import type { Jwk } from '../../codes/keys.ts';
import { build, TYP } from '../../codes/sign1.ts';
import type { RecordView } from '../../data/records.ts';
import { base64url } from '../../sync/batch.ts';
import type { Value } from '../../sync/canonical.ts';
import {
  askedOf, discloses, heldOf, identityLevel, identityOf, invitationIn, openClaims, RENEWED_BEFORE, toAskFor,
} from './model.ts';

const NOW = 1_795_000_000_000;
const DAY = 86_400_000;

async function newKey(): Promise<Jwk> {
  const { publicKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign']);
  const { x = '', y = '' } = await crypto.subtle.exportKey('jwk', publicKey);
  return { kty: 'EC', crv: 'P-256', x, y };
}

// The wallet trusts what its own server sent; the signature is for the gate to judge.
const unsigned = () => Promise.resolve(new Uint8Array(64));
const kid = [4, unhex('01020304')] as const;

async function invitation(holder: Jwk | null, until = NOW + DAY): Promise<Uint8Array> {
  const own = new Map<number, unknown>([
    [1, 1], [2, 7], [3, 5], [4, 'Nguyễn Văn An'], [8, 1], [9, 1], [11, unhex('a1b2c3')],
  ]);
  const claims = new Map<number, unknown>([
    [4, until / 1000], [5, NOW / 1000], [7, unhex('0102030405060708')], [-65537, own],
  ]);
  if (holder !== null) claims.set(8, toCnf(holder));
  return build(new Map([kid]), claims as never, unsigned);
}

async function credential(holder: Jwk, until: number): Promise<Uint8Array> {
  const own = new Map<number, unknown>([[1, 2], [3, 5], [7, 7]]);
  const claims = new Map<number, unknown>([
    [4, until / 1000], [6, NOW / 1000], [8, toCnf(holder)], [-65537, own],
  ]);
  return build(new Map<number, never>([kid as never, [TYP, 293 as never]]), claims as never, unsigned);
}

function view(kind: string, id: string, values: Record<string, Value>): RecordView {
  return { kind, id, state: new Map(), values, conflicts: {}, unsent: false, needs: [] };
}

function record(id: string, profile: string, cose: Uint8Array, more: Record<string, Value> = {}): RecordView {
  return view('credential', id, { profile, cose: base64url(cose), issued_at: NOW, ...more });
}

describe('heldOf', () => {
  test('reads what a claimed invitation says of itself', async () => {
    const about = { title: 'Họp', starts: NOW, ends: NOW + DAY, host: 'Bà Lan', room: 'P. 3' };
    const cose = await invitation(await newKey());
    const [held] = heldOf([record('k', 'invitation', cose, { about })], new Set(['k']), NOW);
    expect(held).toMatchObject({ profile: 'invitation', name: 'Nguyễn Văn An', place: 7, from: NOW, about });
    expect(held?.here).toBe(true);
  });

  test('leaves out what has expired, was revoked or is of no known profile', async () => {
    const key = await newKey();
    const views = [
      record('a', 'age', await credential(key, NOW)),
      record('b', 'age', await credential(key, NOW + DAY), { revoked_at: NOW }),
      record('c', 'dance', await credential(key, NOW + DAY)),
    ];
    expect(heldOf(views, new Set(['a', 'b', 'c']), NOW)).toEqual([]);
  });

  test('an identity that another phone holds is not shown here', async () => {
    const held = heldOf([record('k', 'age', await credential(await newKey(), NOW + DAY))], new Set(), NOW);
    expect(held).toHaveLength(1);
    expect(identityOf(held)).toEqual([]);
  });
});

describe('openClaims', () => {
  test('a claim waits until a credential for its key has come', async () => {
    const key = await newKey();
    const code = encodeText('MCI1:', await invitation(null));
    const claims = [view('claim', 'c1', { claim: { code, jwk: { ...key }, proof: 'p' } })];
    expect(openClaims(claims, [], [])).toMatchObject([{ id: 'c1', problem: null, said: { place: 7 } }]);
    expect(openClaims(claims, [record('k', 'invitation', await invitation(key))], [])).toEqual([]);
    const foreign = record('k', 'invitation', await invitation(await newKey()));
    expect(openClaims(claims, [foreign], [])).toHaveLength(1);
  });

  test('a claim that was refused says why', async () => {
    const code = encodeText('MCI1:', await invitation(null));
    const values = { claim: { code, jwk: { ...(await newKey()) }, proof: 'p' } };
    const refused = [{ kind: 'claim', record: 'c1', values, code: 'already_claimed' }];
    expect(openClaims([], [], refused)).toMatchObject([{ id: 'c1', problem: 'already_claimed' }]);
  });
});

test.each(['', 'MCI1:', 'MCP1:AAA', 'https://example.com', 'MCI1:ABC'])('%j is no invitation', (text) => {
  expect(invitationIn(text)).toBeNull();
});

describe('toAskFor', () => {
  test('asks for all three when there is none, and for none that is asked for already', async () => {
    const { x } = await newKey();
    expect(toAskFor([], [], new Set(), NOW)).toEqual(['gate', 'age', 'full']);
    expect(toAskFor([], [{ profile: 'gate', x }], new Set([x]), NOW)).toEqual(['age', 'full']);
  });

  test('a request whose key was lost with the phone’s storage is made again', () => {
    expect(toAskFor([], [{ profile: 'gate', x: 'lost' }], new Set(), NOW)).toContain('gate');
  });

  test('asks again when the one here ends within ten days', async () => {
    const key = await newKey();
    const ends = async (until: number) =>
      heldOf([record('k', 'age', await credential(key, until))], new Set(['k']), NOW);
    const asked = askedOf([view('holding', 'h', { holding: { profile: 'age', jwk: { ...key }, proof: 'p' } })]);
    const keys = new Set([key.x]);
    expect(toAskFor(await ends(NOW + RENEWED_BEFORE + DAY), asked, keys, NOW)).not.toContain('age');
    expect(toAskFor(await ends(NOW + RENEWED_BEFORE - DAY), asked, keys, NOW)).toContain('age');
  });
});

describe('identityLevel', () => {
  const profile = view('profile', 'p', { owner: 'p', 'card/name': 'Lan' });
  const checked = view('identity', 'p', { level: 2, name: 'Nguyễn Thị Lan', verified_at: NOW, photo: 'abc' });

  test('goes from nobody over the card to what an officer has checked', () => {
    expect(identityLevel(undefined, undefined)).toEqual({ level: 0 });
    expect(identityLevel(profile, undefined)).toEqual({ level: 1, name: 'Lan' });
    expect(identityLevel(profile, checked)).toMatchObject({ level: 2, name: 'Nguyễn Thị Lan', withdrawnAt: null });
  });
});

test('a proof of age discloses nothing but the age group', () => {
  expect(discloses('age')).toEqual(['present.discloses.age']);
});
