import { beforeAll, expect, test } from 'vitest';

import { base64url } from '../sync/batch.ts';
import { encode, type Value } from '../sync/canonical.ts';
import { deviceId, sign, thumbprint } from './keys.ts';
import { openReceipt } from './trust.ts';

interface Issuer {
  key: CryptoKey;
  jwk: { kty: string; crv: string; x: string; y: string };
  kid: string;
}

const RECEIPT = {
  submission: 's1',
  document_sha256: 'ab',
  code: 'BT-261122-0001',
  received_at: 2000,
  unit: 'ben-thanh',
  procedure: 'birth-registration',
};
let root: Issuer;
let unit: Issuer;
let pinned: string;

beforeAll(async () => {
  [root, unit] = await Promise.all([issuer(), issuer()]);
  pinned = await thumbprint(root.jwk);
});

async function issuer(): Promise<Issuer> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
  const { privateKey, publicKey } = await crypto.subtle.generateKey(algorithm, false, ['sign', 'verify']);
  const { x = '', y = '' } = await crypto.subtle.exportKey('jwk', publicKey);
  const jwk = { kty: 'EC', crv: 'P-256', x, y };
  return { key: privateKey, jwk, kid: deviceId(await thumbprint(jwk)) };
}

async function jws({ key, kid }: Issuer, header: Record<string, Value>, payload: Value): Promise<string> {
  const input = [{ alg: 'ES256', kid, ...header }, payload].map((part) => base64url(encode(part))).join('.');
  return `${input}.${base64url(await sign(key, new TextEncoder().encode(input)))}`;
}

const list = (by = root, nbf = 1000, name = 'ben-thanh') =>
  jws(
    by,
    { typ: 'motcua-trust+jws', jwk: by.jwk },
    { iat: 1, keys: [{ kid: unit.kid, unit: name, jwk: unit.jwk, nbf }] },
  );
const receipt = (by = unit, typ = 'motcua-receipt+jws') => jws(by, { typ, kid: unit.kid }, RECEIPT);

test('a receipt by a key on the list of the root that was seen first holds', async () => {
  expect(await openReceipt(await receipt(), await list(), pinned)).toEqual(RECEIPT);
});

test('a list by another root does not count', async () => {
  expect(await openReceipt(await receipt(), await list(await issuer()), pinned)).toBeNull();
});

test('a receipt by a key that is not on the list does not hold', async () => {
  expect(await openReceipt(await receipt(await issuer()), await list(), pinned)).toBeNull();
});

test('a receipt in the name of another unit, or from before the key, does not hold', async () => {
  expect(await openReceipt(await receipt(), await list(root, 1000, 'other'), pinned)).toBeNull();
  expect(await openReceipt(await receipt(), await list(root, 3000), pinned)).toBeNull();
});

test('another type, a changed letter, or no JWS at all does not hold', async () => {
  const good = await receipt();
  const middle = Math.floor(good.length / 2);
  const changed = good.slice(0, middle) + (good[middle] === 'A' ? 'B' : 'A') + good.slice(middle + 1);
  for (const bad of [await receipt(unit, 'motcua-batch+jws'), changed, `${good}.x`, 'a.b.c', '']) {
    expect(await openReceipt(bad, await list(), pinned)).toBeNull();
  }
});
