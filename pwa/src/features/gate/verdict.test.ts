import * as fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';

import { decodeText, encodeText } from '../../codes/base.ts';
import { vectors } from '../../codes/testing/vectors.ts';
import { ONLY_IN_BROWSERS, packsOf, sceneOf as sceneIn, type VerdictCase, type VerdictFile } from './testing/cases.ts';
import { ANY_TIME, type Scene, verdict } from './verdict.ts';

const file = vectors('verdict') as VerdictFile;
/** One code of each sort that admits. */
const admitting = [...new Map(file.cases.filter(isAdmitted).map((each) => [sortOf(each), each])).values()];
let packs: Awaited<ReturnType<typeof packsOf>>;

beforeAll(async () => {
  packs = await packsOf(file);
});

it('any text gets an answer, and none admits', { timeout: 60_000 }, async () => {
  const prefix = fc.constantFrom('', 'MCI1:', 'MCP1:', 'MCC1:', 'MCD1:', 'MCX1:');
  const base45 = fc.string({ unit: letterOf('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:') });
  const texts = fc.tuple(prefix, fc.oneof(base45, fc.string({ unit: 'binary' }))).map((parts) => parts.join(''));
  const bytes = fc.uint8Array({ maxLength: 400 });
  const encoded = fc.tuple(fc.constantFrom('MCI1:' as const, 'MCP1:' as const), bytes);
  await fc.assert(
    fc.asyncProperty(fc.oneof(texts, encoded.map(([start, data]) => encodeText(start, data))), async (text) => {
      expect((await verdict(text, sceneOf(admitting[0]!))).word).not.toBe('ADMIT');
    }),
    { numRuns: 500 },
  );
});

it.each(admitting)('no bit of a code that admits can be changed: $name', { timeout: 60_000 }, async (each) => {
  expect((await verdict(each.code, sceneOf(each))).word).toBe('ADMIT');
  const { prefix, data } = decodeText(each.code);
  const scene = sceneOf(each);
  const answers = Array.from({ length: data.length * 8 }, async (_, bit) => {
    const changed = data.with(bit >> 3, data[bit >> 3]! ^ (1 << (bit & 7)));
    const { word, facts } = await verdict(encodeText(prefix, changed), scene);
    return word === 'REFUSE' && facts.subject === null;
  });
  expect(await Promise.all(answers)).not.toContain(false);
});

it.each(admitting)('no letter of a code that admits can be changed, left out or added: $name', async (each) => {
  const unit = letterOf('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:abcé\n');
  await fc.assert(
    fc.asyncProperty(fc.nat(each.code.length), fc.nat(2), fc.string({ unit, maxLength: 3 }), async (at, n, text) => {
      const changed = each.code.slice(0, at) + text + each.code.slice(at + n);
      fc.pre(changed !== each.code);
      expect((await verdict(changed, sceneOf(each))).word).not.toBe('ADMIT');
    }),
  );
});

it('a phone that knows no time admits nobody', async () => {
  for (const each of admitting.filter(({ gate }) => gate.way === 'in')) {
    const { word, reason } = await verdict(each.code, { ...sceneOf(each), time: ANY_TIME });
    expect([word, reason]).toEqual(['CHECK', 'list_stale']);
  }
});

it('a wider time never turns an answer into ADMIT', async () => {
  const ms = fc.integer({ min: 0, max: 40 * 86_400_000 });
  const refused = file.cases.filter(({ name, expect: { word } }) => word !== 'ADMIT' && name !== ONLY_IN_BROWSERS);
  const cases = fc.constantFrom(...refused);
  await fc.assert(
    fc.asyncProperty(cases, ms, ms, async (each, before, after) => {
      const [low, high] = each.time;
      const scene = { ...sceneOf(each), time: { low: low - before, high: high + after } };
      expect((await verdict(each.code, scene)).word).not.toBe('ADMIT');
    }),
    { numRuns: 300 },
  );
});

function letterOf(letters: string): fc.Arbitrary<string> {
  return fc.nat(letters.length - 1).map((at) => letters.charAt(at));
}

function isAdmitted({ expect: { word } }: VerdictCase): boolean {
  return word === 'ADMIT';
}

function sortOf({ code, expect: { reason } }: VerdictCase): string {
  return code.slice(0, 5) + reason;
}

function sceneOf(each: VerdictCase): Scene {
  return sceneIn(each, packs);
}
