import * as fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';

import type { Bytes } from '../sync/canonical.ts';
import { chunkTexts, type Joined, joinChunk, joinedBytes, MOST_BYTES } from './chunks.ts';
import { type Believed, openShared, type Shared, shareCheckIns } from './exchange.ts';
import { checkIns, manyCheckIns, newPhone, type Phone } from './testing/checkins.ts';
import { reasonOf } from './testing/cases.ts';

const NOTHING: Shared = { unit: 'ben-thanh', iat: 1_795_000_000, checkIns: [], undone: [] };
let phone: Phone;

beforeAll(async () => {
  phone = await newPhone();
});

function believed(shared: Shared, by = [phone]): Believed {
  const places = new Set(shared.checkIns.map(({ place }) => place));
  return { unit: 'ben-thanh', guards: new Set(by.map(({ device }) => device)), places };
}

const shared = fc.record({ checkIns: manyCheckIns, undone: fc.array(checkIns.map(({ id }) => id), { maxLength: 5 }) });

it('what one phone shares is read by another, whatever the order of the codes and their number', async () => {
  await fc.assert(
    fc.asyncProperty(shared, fc.infiniteStream(fc.nat()), async (made, chance) => {
      const sent = { ...NOTHING, ...made };
      const texts = await chunkTexts(await shareCheckIns(sent, phone.jwk, phone.sign));
      let joined: Joined | null = null;
      while (joined === null || (await joinedBytes(joined)) === null)
        joined = joinChunk(joined, texts[(chance.next().value as number) % texts.length]!);
      const sorted = sent.checkIns.toSorted((a, b) => (a.id < b.id ? -1 : 1));
      const data = (await joinedBytes(joined))!;
      expect(await openShared(data, believed(sent))).toEqual({ ...sent, checkIns: sorted, device: phone.device });
      expect(Math.max(...texts.map(({ length }) => length))).toBeLessThanOrEqual(528);
    }),
    { numRuns: 30 },
  );
});

it('a changed bit is never believed', { timeout: 60_000 }, async () => {
  const made = fc.sample(checkIns, { numRuns: 2, seed: 1 });
  const data = await shareCheckIns({ ...NOTHING, checkIns: made }, phone.jwk, phone.sign);
  const answers = Array.from({ length: data.length * 8 }, async (_, bit) => {
    const changed = data.with(bit >> 3, data[bit >> 3]! ^ (1 << (bit & 7)));
    return reasonOf(() => openShared(changed, believed({ ...NOTHING, checkIns: made })));
  });
  const reasons = new Set(await Promise.all(answers));
  expect(reasons).not.toContain(null);
  expect(reasons).toContain('forged');
  expect(reasons).toContain('unknown_issuer');
});

it('a phone that is no guard of the unit is not believed, nor one that uses the id of a guard', async () => {
  const other = await newPhone();
  const data = await shareCheckIns(NOTHING, other.jwk, other.sign);
  expect(await reasonOf(() => openShared(data, believed(NOTHING)))).toBe('unknown_issuer');
  const borrowed = await shareCheckIns(NOTHING, phone.jwk, other.sign);
  expect(await reasonOf(() => openShared(borrowed, believed(NOTHING)))).toBe('forged');
});

it('check-ins of another unit, or of a place of another unit, are refused', async () => {
  const elsewhere = { ...NOTHING, unit: 'tan-dinh' };
  const data = await shareCheckIns(elsewhere, phone.jwk, phone.sign);
  expect(await reasonOf(() => openShared(data, believed(elsewhere)))).toBe('other_place');
  const there = { ...NOTHING, checkIns: fc.sample(checkIns, { numRuns: 2, seed: 2 }) };
  const places = new Set([there.checkIns[0]!.place]);
  const mixed = await shareCheckIns(there, phone.jwk, phone.sign);
  expect(await reasonOf(() => openShared(mixed, { ...believed(there), places }))).toBe('other_place');
});

it('codes of another set start anew', async () => {
  const [first, second] = [await chunkTexts(bytesOf(700, 1)), await chunkTexts(bytesOf(700, 2))];
  let joined = first.reduce<Joined | null>(joinChunk, null)!;
  expect(await joinedBytes(joined)).toEqual(bytesOf(700, 1));
  joined = joinChunk(joined, second[1]!);
  expect([joined.parts.size, joined.count]).toEqual([1, 3]);
  joined = joinChunk(joinChunk(joined, second[0]!), second[2]!);
  expect(await joinedBytes(joined)).toEqual(bytesOf(700, 2));
});

it('what is too long for a row of codes is refused, and any text is read or refused', async () => {
  expect(await chunkTexts(bytesOf(MOST_BYTES, 0))).toHaveLength(64);
  expect(await reasonOf(() => chunkTexts(bytesOf(MOST_BYTES + 1, 0)))).toBe('malformed');
  const [good] = await chunkTexts(bytesOf(20, 0));
  const letters = fc.oneof(fc.string(), fc.nat(good!.length).map((at) => `${good!.slice(0, at)}0${good!.slice(at)}`));
  await fc.assert(
    fc.asyncProperty(letters, async (text) => {
      await reasonOf(() => joinChunk(null, text));
    }),
  );
});

function bytesOf(length: number, byte: number): Bytes {
  return new Uint8Array(length).fill(byte);
}
