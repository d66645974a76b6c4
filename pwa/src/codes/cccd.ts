/** The QR code on Vietnam's citizen card (CCCD): unsigned text. It fills forms and proves nothing. */

import { refuse } from './base.ts';

const NUMBER = /^[0-9]{12}$/;
const OLD_NUMBER = /^(?:[0-9]{9}|[0-9]{12})?$/;
const DATE = /^([0-9]{2})([0-9]{2})([0-9]{4})$/;
const FIELDS = 7;
const LONGEST = 1000;

/** What the card says. Dates are yyyy-mm-dd; `old_number` may be empty. */
export interface Card {
  readonly number: string;
  readonly old_number: string;
  readonly name: string;
  readonly born: string;
  readonly sex: 'male' | 'female';
  readonly address: string;
  readonly issued: string;
}

/**
 * Read `id|old id|name|ddmmyyyy|sex|address|ddmmyyyy`; cards of 2024 have more fields, which are left out. Anything
 * else throws `CodeError('not_a_code')`.
 */
export function parseCard(text: string): Card {
  const parts = text.length > LONGEST ? [] : text.normalize('NFC').split('|').map((part) => part.trim());
  if (parts.length < FIELDS) refuse('not_a_code', `expected ${FIELDS} fields, got ${parts.length}`);
  const [number = '', oldNumber = '', name = '', born = '', sex = '', address = '', issued = ''] = parts;
  if (!NUMBER.test(number) || !OLD_NUMBER.test(oldNumber))
    refuse('not_a_code', 'expected a number of 12 digits, and an old one of 9, 12 or none');
  if (name === '' || address === '' || (sex !== 'Nam' && sex !== 'Nữ'))
    return refuse('not_a_code', 'expected a name, an address, and Nam or Nữ');
  return {
    number,
    old_number: oldNumber,
    name,
    born: date(born),
    sex: sex === 'Nam' ? 'male' : 'female',
    address,
    issued: date(issued),
  };
}

function date(text: string): string {
  const [, day = '', month = '', year = ''] = DATE.exec(text) ?? [];
  if (Number(day) < 1 || Number(day) > days(Number(month), Number(year)) || Number(year) < 1)
    refuse('not_a_code', `expected a date ddmmyyyy, got ${text}`);
  return `${year}-${month}-${day}`;
}

/** How many days a month has; none when there is no such month. */
function days(month: number, year: number): number {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return [0, 31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month] ?? 0;
}
