/** The identity check at the desk, without a screen: codes read, fields judged, a photo cut, a document to sign. */
import { CodeError } from '../../codes/base.ts';
import { parseCard } from '../../codes/cccd.ts';
import { parseDesk } from '../../codes/desk.ts';
import type { Value } from '../../sync/canonical.ts';
import type { Key } from '../../text/index.ts';
import { readDate } from '../../ui/date.ts';

/** Who stands at the desk, by the code on their phone. */
export interface Subject {
  person: string;
  /** The code's exact text. */
  code: string;
  /** When their phone made it, in ms. */
  madeAt: number;
}

/** The server takes a code for half an hour before the officer signs; the check itself takes some of it. */
const LASTS = 30 * 60_000;
const CHECK_TAKES = 8 * 60_000;
/** How far a resident's clock may be ahead. */
const AHEAD = 2 * 60_000;

/** Read what the camera saw as a resident's desk code, or say why it is none to go on with. */
export function readSubject(text: string, { now, officer }: { now: number; officer: string }): Subject | Key {
  try {
    const { person, iat } = parseDesk(text).desk;
    const madeAt = iat * 1000;
    if (person === officer) return 'verify.subject.self';
    if (madeAt < now - LASTS + CHECK_TAKES) return 'verify.subject.old';
    return madeAt > now + AHEAD ? 'verify.subject.ahead' : { person, code: text, madeAt };
  } catch (error) {
    if (!(error instanceof CodeError)) throw error;
    if (/^MC[IP]1:/.test(text)) return 'verify.subject.gate';
    return cardOf(text) === null ? 'verify.subject.other' : 'verify.subject.card';
  }
}

/** Whether what an officer signs now would still be taken. */
export function isFresh({ madeAt }: Subject, now: number): boolean {
  return madeAt >= now - LASTS;
}

/** What the card says, as it stands in the fields. */
export interface CardDraft {
  number: string;
  name: string;
  /** `YYYY-MM-DD`, or what was typed so far. */
  born: string;
  sex: 'male' | 'female' | null;
}

export const NO_CARD: CardDraft = { number: '', name: '', born: '', sex: null };

/** Read the QR code of a citizen card; null for what is none. */
export function cardOf(text: string): CardDraft | null {
  try {
    const { number, name, born, sex } = parseCard(text);
    return { number, name, born, sex };
  } catch (error) {
    if (error instanceof CodeError) return null;
    throw error;
  }
}

export interface CardMistake {
  field: keyof CardDraft;
  key: Key;
}

/** What the server takes, in characters. */
export const NAME_LENGTH = 100;
const FIRST_YEAR = 1900;

/** Return what must be mended before going on, in the order of the form. */
export function cardMistakes({ number, name, born, sex }: CardDraft, now: number): CardMistake[] {
  const mistakes: (CardMistake | null)[] = [
    /^\d{12}$/.test(tidyNumber(number)) ? null : { field: 'number', key: 'verify.number.wrong' },
    /\p{L}/u.test(name) ? null : { field: 'name', key: 'verify.name.missing' },
    isBirth(born, now) ? null : { field: 'born', key: 'verify.born.wrong' },
    sex === null ? { field: 'sex', key: 'verify.sex.missing' } : null,
  ];
  return mistakes.filter((mistake) => mistake !== null);
}

function isBirth(born: string, now: number): boolean {
  const { year, month, day } = readDate(born);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(born) || Number(year) < FIRST_YEAR) return false;
  const at = new Date(Number(year), Number(month) - 1, Number(day));
  return at.getMonth() === Number(month) - 1 && at.getDate() === Number(day) && at.getTime() < now;
}

/**
 * Whether a personal number agrees with sex and date of birth: digit 4 tells century and sex, digits 5 and 6 the year
 * (Decree 137/2015/ND-CP, article 13). A number that does not is mistyped, or was given before the sex was corrected.
 */
export function numberFits({ number, born, sex }: CardDraft): boolean {
  const digits = tidyNumber(number);
  const year = Number(readDate(born).year);
  const century = (Math.floor(year / 100) - 19) * 2 + (sex === 'female' ? 1 : 0);
  return digits.charAt(3) === String(century) && digits.slice(4, 6) === String(year % 100).padStart(2, '0');
}

/** Return fields as they are signed: one space between words, normal form C, digits only. */
export function tidyCard(card: CardDraft): CardDraft {
  const name = card.name.normalize('NFC').replace(/[\p{Cc}\p{Cf}]/gu, ' ').replace(/\s+/gu, ' ').trim();
  return { ...card, number: tidyNumber(card.number), name };
}

/** People write the number in groups. */
function tidyNumber(number: string): string {
  return number.replace(/[\s.-]/g, '');
}

export const PHOTO = { width: 300, height: 400 } as const;
/** What the server takes, in characters of base64url: 3 bytes are 4 of them. */
export const PHOTO_LETTERS = 45_000;
export const PHOTO_BYTES = (PHOTO_LETTERS / 4) * 3;

/** Return the largest part of a picture that has the photo's shape, in the middle of it. */
export function crop(width: number, height: number): { x: number; y: number; width: number; height: number } {
  const scale = Math.min(width / PHOTO.width, height / PHOTO.height);
  const cut = { width: PHOTO.width * scale, height: PHOTO.height * scale };
  return { x: (width - cut.width) / 2, y: (height - cut.height) / 2, ...cut };
}

interface Verifying {
  id: string;
  rp: string;
  officer: { id: string; name: string; unit: string };
  subject: Subject;
  card: CardDraft;
  /** Lower-case hex SHA-256 of the desk code's text and of the JPEG. */
  deskSha256: string;
  photoSha256: string;
  /** 16 random bytes, base64url. */
  nonce: string;
  now: number;
}

/** Return a `verification/1` document: the officer's word that they saw the card and the face of this person. */
export function verificationDocument(given: Verifying): Record<string, Value> {
  const { number, name, born, sex } = tidyCard(given.card);
  return {
    typ: 'verification/1',
    rp: given.rp,
    id: given.id,
    person: given.officer.id,
    name: given.officer.name,
    subject: given.subject.person,
    unit: given.officer.unit,
    desk_sha256: given.deskSha256,
    number,
    full_name: name,
    born,
    sex,
    photo_sha256: given.photoSha256,
    checks: ['card', 'face'],
    nonce: given.nonce,
    claimed_at: given.now,
  };
}
