import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { deskText } from '../../codes/desk.ts';
import {
  cardMistakes, cardOf, crop, isFresh, NO_CARD, numberFits, PHOTO_BYTES, PHOTO_LETTERS, readSubject, tidyCard,
  verificationDocument,
} from './desk-model.ts';
import type { CardDraft } from './desk-model.ts';

const NOW = new Date(2026, 10, 25, 9, 0).getTime();
const PERSON = '0193aaaa-bbbb-7ccc-8ddd-eeeeffff0001';
const CARD: CardDraft = { number: '079190001234', name: 'Nguyễn Thị An', born: '1990-03-27', sex: 'female' };
const CARD_TEXT = '079190001234|024888999|Nguyễn Thị An|27031990|Nữ|12 Lê Lai, Bến Thành|01012022';

async function desk(madeAt: number): Promise<string> {
  const iat = Math.floor(madeAt / 1000);
  return deskText({ person: PERSON, device: 'A'.repeat(22), iat }, () => Promise.resolve(new Uint8Array(64)));
}

describe('a desk code', () => {
  const at = { now: NOW, officer: 'somebody-else' };

  test('says who stands there', async () => {
    const code = await desk(NOW - 5_000);
    expect(readSubject(code, at)).toEqual({ person: PERSON, code, madeAt: NOW - 5_000 });
  });

  test('must leave time for the check, and not come from the future', async () => {
    expect(readSubject(await desk(NOW - 25 * 60_000), at)).toBe('verify.subject.old');
    expect(readSubject(await desk(NOW + 3 * 60_000), at)).toBe('verify.subject.ahead');
    const subject = readSubject(await desk(NOW - 20 * 60_000), at);
    if (typeof subject === 'string') throw new Error(subject);
    expect(isFresh(subject, NOW + 9 * 60_000)).toBe(true);
    expect(isFresh(subject, NOW + 11 * 60_000)).toBe(false);
  });

  test('is nobody\'s own', async () => {
    expect(readSubject(await desk(NOW), { now: NOW, officer: PERSON })).toBe('verify.subject.self');
  });

  test.each([
    ['MCI1:ABC', 'verify.subject.gate'],
    ['MCP1:ABC', 'verify.subject.gate'],
    [CARD_TEXT, 'verify.subject.card'],
    ['MCD1:ABC', 'verify.subject.other'],
    ['https://vidu.vn', 'verify.subject.other'],
    ['', 'verify.subject.other'],
  ])('is not %j: %s', (text, key) => expect(readSubject(text, at)).toBe(key));

  test('is read or named, whatever the camera saw', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.string().map((rest) => `MCD1:${rest}`)), (text) => {
      expect(typeof readSubject(text, at)).toBe('string');
    }));
  });
});

describe('a card', () => {
  test('is read from its code', () => {
    expect(cardOf(CARD_TEXT)).toEqual(CARD);
    expect(cardOf('MCI1:ABC')).toBeNull();
  });

  test('is whole', () => expect(cardMistakes(CARD, NOW)).toEqual([]));

  test('names what is missing in the order of the form', () => {
    expect(cardMistakes(NO_CARD, NOW).map(({ field }) => field)).toEqual(['number', 'name', 'born', 'sex']);
  });

  test.each<[Partial<CardDraft>, string]>([
    [{ number: '07919000123' }, 'number'],
    [{ number: '07919000123a' }, 'number'],
    [{ name: ' ' }, 'name'],
    [{ name: '123' }, 'name'],
    [{ born: '1990-02-30' }, 'born'],
    [{ born: '1899-12-31' }, 'born'],
    [{ born: '2026-11-26' }, 'born'],
    [{ born: '1990--27' }, 'born'],
    [{ sex: null }, 'sex'],
  ])('%j is a mistake in %s', (wrong, field) => {
    expect(cardMistakes({ ...CARD, ...wrong }, NOW).map((mistake) => mistake.field)).toEqual([field]);
  });

  test.each<[Partial<CardDraft>, boolean]>([
    [{}, true],
    [{ sex: 'male' }, false],
    [{ born: '1991-03-27' }, false],
    [{ number: '079090001234', sex: 'male' }, true],
    [{ number: '079205001234', born: '2005-01-02', sex: 'male' }, true],
    [{ number: '079305001234', born: '2005-01-02' }, true],
    [{ number: '079105001234', born: '2005-01-02' }, false],
  ])('with %j, the number fits: %j', (part, fits) => expect(numberFits({ ...CARD, ...part })).toBe(fits));

  test('is signed tidy', () => {
    const typed = { ...CARD, number: '079 190 001 234', name: `  ${'Nguyễn'.normalize('NFD')}  Thị\u200b An ` };
    expect(tidyCard(typed)).toEqual(CARD);
    expect(cardMistakes(typed, NOW)).toEqual([]);
  });
});

test('a photo is cut from the middle, as large as it goes, in the shape of three to four', () => {
  expect(crop(1280, 960)).toEqual({ x: 280, y: 0, width: 720, height: 960 });
  expect(crop(600, 1600)).toEqual({ x: 0, y: 400, width: 600, height: 800 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 8000 }), fc.integer({ min: 1, max: 8000 }), (width, height) => {
      const cut = crop(width, height);
      expect(cut.width / cut.height).toBeCloseTo(3 / 4);
      expect(cut.x).toBeGreaterThanOrEqual(-1e-6);
      expect(cut.y).toBeGreaterThanOrEqual(-1e-6);
      expect(cut.x + cut.width).toBeLessThanOrEqual(width + 1e-6);
      expect(cut.y + cut.height).toBeLessThanOrEqual(height + 1e-6);
    }),
  );
  expect(Math.ceil((PHOTO_BYTES * 4) / 3)).toBeLessThanOrEqual(PHOTO_LETTERS);
});

test('the document is the one of the contract', () => {
  const document = verificationDocument({
    id: 'v1',
    rp: 'localhost',
    officer: { id: 'p', name: 'Trần Thị Bích', unit: 'ben-thanh-police' },
    subject: { person: PERSON, code: 'MCD1:X', madeAt: NOW },
    card: { ...CARD, number: '079 190 001 234' },
    deskSha256: 'd'.repeat(64),
    photoSha256: 'f'.repeat(64),
    nonce: 'n'.repeat(22),
    now: NOW,
  });
  expect(document).toEqual({
    typ: 'verification/1',
    rp: 'localhost',
    id: 'v1',
    person: 'p',
    name: 'Trần Thị Bích',
    subject: PERSON,
    unit: 'ben-thanh-police',
    desk_sha256: 'd'.repeat(64),
    number: '079190001234',
    full_name: 'Nguyễn Thị An',
    born: '1990-03-27',
    sex: 'female',
    photo_sha256: 'f'.repeat(64),
    checks: ['card', 'face'],
    nonce: 'n'.repeat(22),
    claimed_at: NOW,
  });
});
