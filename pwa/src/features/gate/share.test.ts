import { expect, test } from 'vitest';

import { chunkTexts, joinChunk, joinedBytes } from '../../codes/chunks.ts';
import type { Joined } from '../../codes/chunks.ts';
import { deviceId, thumbprint } from '../../codes/keys.ts';
import { openShared, shareCheckIns } from '../../codes/exchange.ts';
import { newDevice, sign } from '../../data/keys.ts';
import { uuid7 } from '../../data/ids.ts';
import { recent } from './share.ts';

const NOW = 1_795_597_000_000;
const MINUTE = 60_000;

function checkIn(n: number, at: number) {
  const random = crypto.getRandomValues(new Uint8Array(10));
  const subject = n.toString(16).padStart(16, '0');
  return { id: uuid7(at, random), at, way: 'in', subject, gate: 1, place: 1, max: 1, override: false } as const;
}

test('what is older than half a day stays here', () => {
  const all = [checkIn(1, NOW - 13 * 60 * MINUTE), checkIn(2, NOW - MINUTE), checkIn(3, NOW)];
  expect(recent(all, [], NOW).checkIns.map(({ at }) => at)).toEqual([NOW, NOW - MINUTE]);
});

test('the busiest half day fits one set of codes, read in any order', async () => {
  const all = Array.from({ length: 1_000 }, (_, n) => checkIn(n, NOW - n * 1_000));
  const undone = all.map(({ id }) => id);
  const { jwk, key } = await newDevice();
  const own = { kty: 'EC', crv: 'P-256', x: jwk.x, y: jwk.y } as const;
  const shared = { unit: 'ben-thanh', iat: NOW / 1000, ...recent(all, undone, NOW) };
  const codes = await chunkTexts(await shareCheckIns(shared, own, (input) => sign(key, input)));
  let joined: Joined | null = null;
  for (const code of [...codes].reverse()) joined = joinChunk(joined, code);
  const data = joined === null ? null : await joinedBytes(joined);
  const guards = new Set([deviceId(await thumbprint(own))]);
  const got = await openShared(data!, { unit: 'ben-thanh', guards, places: new Set([1]) });
  expect(got.checkIns).toHaveLength(400);
  expect(got.undone).toHaveLength(400);
});
