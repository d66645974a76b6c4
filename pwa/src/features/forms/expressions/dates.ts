/**
 * Dates and times as text, and the days that they count. `dates.py` is its twin.
 *
 * A moment is a number of milliseconds on the city's clock since 1970-01-01T00:00 there; `offset` is how many minutes
 * that clock is ahead of UTC. Years go from 0001 to 9999.
 */

export const DAY = 86_400_000;
export const MINUTE = 60_000;
const FIRST = -719_162; // 0001-01-01
const LAST = 2_932_896; // 9999-12-31
const LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const TIME = /^([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,9}))?)?(Z|[+-][0-9]{2}(?::?[0-9]{2})?)?$/;

/** A moment as calendar and clock show it; weekday 0 is Sunday. */
export interface Civil {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
  readonly weekday: number;
}

export const padded = (value: number, length = 2): string => String(value).padStart(length, '0');
const quotient = (a: number, b: number): number => Math.floor(a / b);
const modulo = (a: number, b: number): number => a - quotient(a, b) * b;

/** The days from 1970-01-01 to a real calendar date `YYYY-MM-DD`; undefined for any other text. */
export function days(text: string): number | undefined {
  const [year, month, day] = (/^([0-9]{4})-([0-9]{2})-([0-9]{2})$/.exec(text) ?? []).slice(1).map(Number);
  if (!year || !month || !day || month > 12 || day > lengthOf(year, month)) return undefined;
  return counted(year, month, day);
}

/** The moment that a date (its midnight) or dateTime names; one without a zone is on the city's clock. */
export function moment(text: string, offset: number): number | undefined {
  const day = days(text.slice(0, 10));
  if (day === undefined || text.length === 10) return day === undefined ? undefined : day * DAY;
  const time = /^[T ]$/.test(text.slice(10, 11)) ? clock(text.slice(11), offset) : undefined;
  return time === undefined ? undefined : day * DAY + time;
}

/** The milliseconds after midnight of a time `HH:MM[:SS[.fff]][zone]`; a zone may move it over midnight. */
export function clock(text: string, offset: number): number | undefined {
  const match = TIME.exec(text);
  if (!match) return undefined;
  const [hour, minute, second] = [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)];
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const at = ((hour * 60 + minute) * 60 + second) * 1_000 + Number((match[4] ?? '0').padEnd(3, '0').slice(0, 3));
  const zone = match[5];
  if (zone === undefined) return at;
  if (zone === 'Z') return at + offset * MINUTE;
  const [hours, minutes] = [Number(zone.slice(1, 3)), zone.length > 3 ? Number(zone.slice(-2)) : 0];
  if (hours > 14 || minutes > 59) return undefined;
  const ahead = hours * 60 + minutes;
  return at + (offset + (zone.startsWith('-') ? ahead : -ahead)) * MINUTE;
}

/** What `number()` makes of a date, a dateTime or a time: days and their fraction; NaN of any other text. */
export function daysIn(text: string, offset: number): number {
  const at = moment(text, offset);
  if (at !== undefined) return at / DAY;
  const time = clock(text, offset);
  return time === undefined ? NaN : modulo(time, DAY) / DAY;
}

/** A moment as calendar and clock show it; undefined outside the years that we know. */
export function civil(at: number): Civil | undefined {
  const day = quotient(at, DAY);
  if (day < FIRST || day > LAST) return undefined;
  const rest = at - day * DAY;
  const minutes = quotient(rest, MINUTE);
  const milliseconds = rest - minutes * MINUTE;
  const { year, month, day: ofMonth } = dateOf(day);
  return {
    year,
    month,
    day: ofMonth,
    hour: quotient(minutes, 60),
    minute: minutes % 60,
    second: quotient(milliseconds, 1_000),
    millisecond: milliseconds % 1_000,
    weekday: modulo(day + 4, 7),
  };
}

/** The time of day of a moment, in ms. */
export const timeOf = (at: number): number => modulo(at, DAY);

/** The date of a moment as `YYYY-MM-DD`; the empty text outside the years that we know. */
export function dateText(at: number): string {
  const shown = civil(at);
  return shown ? `${padded(shown.year, 4)}-${padded(shown.month)}-${padded(shown.day)}` : '';
}

/** A moment as `YYYY-MM-DDTHH:MM:SS.fff+HH:MM`; the empty text outside the years that we know. */
export function dateTimeText(at: number, offset: number): string {
  const shown = civil(at);
  if (!shown) return '';
  const ahead = Math.abs(offset);
  const time = `${padded(shown.hour)}:${padded(shown.minute)}:${padded(shown.second)}.${padded(shown.millisecond, 3)}`;
  return `${dateText(at)}T${time}${offset < 0 ? '-' : '+'}${padded(quotient(ahead, 60))}:${padded(ahead % 60)}`;
}

function lengthOf(year: number, month: number): number {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 && leap ? 29 : (LENGTHS[month - 1] ?? 0);
}

/** Counts days in years that begin in March, so that the leap day comes last (Hinnant, chrono-compatible dates). */
function counted(year: number, month: number, day: number): number {
  const shifted = year - (month <= 2 ? 1 : 0);
  const era = quotient(shifted, 400);
  const ofEra = shifted - era * 400;
  const ofYear = quotient(153 * (month + (month > 2 ? -3 : 9)) + 2, 5) + day - 1;
  return era * 146_097 + ofEra * 365 + quotient(ofEra, 4) - quotient(ofEra, 100) + ofYear - 719_468;
}

/** Undoes `counted`. */
function dateOf(day: number): { year: number; month: number; day: number } {
  const era = quotient(day + 719_468, 146_097);
  const ofEra = day + 719_468 - era * 146_097;
  const year = quotient(ofEra - quotient(ofEra, 1_460) + quotient(ofEra, 36_524) - quotient(ofEra, 146_096), 365);
  const ofYear = ofEra - (365 * year + quotient(year, 4) - quotient(year, 100));
  const shifted = quotient(5 * ofYear + 2, 153);
  const month = shifted + (shifted < 10 ? 3 : -9);
  return {
    year: year + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: ofYear - quotient(153 * shifted + 2, 5) + 1,
  };
}
