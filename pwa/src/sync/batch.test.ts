import * as fc from 'fast-check';
import { expect, it } from 'vitest';

import * as batch from './batch.ts';
import type { Change } from './change.ts';
import { BATCH_BYTES, BATCH_CHANGES } from './limits.ts';
import * as record from './record.ts';
import { changes, NAME } from './testing/arbitraries.ts';
import { refusal } from './testing/vectors.ts';

const DEVICE = 'dGVzdC1kZXZpY2UtMDAwMD';
const FIRST = { device: DEVICE, seq: 1, prev: '', at: 1 };
const unsigned = () => Promise.resolve(new Uint8Array(64));

it('B1 a batch says what was put in, and its signature holds', async () => {
  const { privateKey, publicKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
    'sign',
    'verify',
  ]);
  const ecdsa = { name: 'ECDSA', hash: 'SHA-256' };
  const sign = async (input: BufferSource) => new Uint8Array(await crypto.subtle.sign(ecdsa, privateKey, input));
  await fc.assert(
    fc.asyncProperty(fc.array(changes, { minLength: 1 }), async (made) => {
      const own = made.map((each) => ({ ...each, replica: DEVICE }));
      const jws = await batch.build({ ...FIRST, changes: own }, sign);
      const read = await batch.parse(jws);
      expect(read).toMatchObject({ ...FIRST, changes: own, hash: await batch.hashOf(jws) });
      expect(await crypto.subtle.verify(ecdsa, publicKey, read.signature, read.signingInput)).toBe(true);
    }),
    { numRuns: 30 },
  );
});

it('B1 as many changes as are said to fit make a batch that is read', async () => {
  const sizes = fc.array(fc.integer({ min: 0, max: 65_000 }), { minLength: 1, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(sizes, async (lengths) => {
      const made = lengths.map((length, number) => changeOf(`k/${number}`, 'x'.repeat(length)));
      const count = batch.fitting(made);
      expect(count).toBeGreaterThan(0);
      const jws = await batch.build({ ...FIRST, changes: made.slice(0, count) }, unsigned);
      expect((await batch.parse(jws)).changes.length).toBe(count);
      if (count < made.length) expect(jws.length + (lengths[count] ?? 0) * 1.34).toBeGreaterThan(BATCH_BYTES - 4096);
    }),
    { numRuns: 20 },
  );
});

it('B1 no more than 500 changes fit, and too many are not signed', async () => {
  const made = Array.from({ length: BATCH_CHANGES + 1 }, (_, number) => changeOf(`k/${number}`, 1));
  expect(batch.fitting(made)).toBe(BATCH_CHANGES);
  expect(await refusal(() => batch.build({ ...FIRST, changes: made }, unsigned))).toBe('batch_size');
  expect(await refusal(() => batch.build({ ...FIRST, changes: [] }, unsigned))).toBe('batch_size');
});

it('B1 base64url comes back and has one spelling', async () => {
  const law = fc.property(fc.uint8Array(), (data) => {
    expect(batch.unbase64url(batch.base64url(data))).toEqual(data);
  });
  fc.assert(law);
  const letters = fc.constantFrom('A', 'Q', 'g', 'w', '-', '_', '=', '+', '/', '\n');
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: letters }), async (text) => {
      if ((await refusal(() => batch.unbase64url(text))) === null)
        expect(batch.base64url(batch.unbase64url(text))).toBe(text);
    }),
  );
});

it('G5 a batch with letters replaced is read or refused', async () => {
  const letters = fc.oneof(fc.string({ maxLength: 3 }), fc.constantFrom('.', '=', 'A', '\n', 'é'));
  await fc.assert(
    fc.asyncProperty(changes, fc.nat(), fc.nat(3), letters, async (made, index, length, text) => {
      const jws = await batch.build({ ...FIRST, changes: [made] }, unsigned);
      const at = index % jws.length;
      await refusal(() => batch.parse(jws.slice(0, at) + text + jws.slice(at + length)));
    }),
  );
});

function changeOf(key: string, value: string | number): Change {
  return record.write(record.EMPTY, { ...NAME, key, replica: DEVICE, value, at: 1 });
}
