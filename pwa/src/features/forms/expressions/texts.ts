/** Functions over texts. A character is a code point. `texts.py` is its twin. */
import type { Frame } from './scope.ts';
import { ANY, type Function, row } from './table.ts';

/** Where a part begins, or -1; pays for the worst that a search can cost. */
function search({ meter }: Frame, text: string, part: string): number {
  meter.spend(Math.floor((text.length * part.length) / 1_024));
  return text.indexOf(part);
}

function before(frame: Frame, text: string, part: string): string {
  const at = search(frame, text, part);
  return at > 0 ? text.slice(0, at) : '';
}

function after(frame: Frame, text: string, part: string): string {
  const at = search(frame, text, part);
  return at >= 0 ? text.slice(at + part.length) : '';
}

function translate(text: string, old: string, fresh: string): string {
  const put = Array.from(fresh);
  const table = new Map(
    Array.from(old, (character, index) => [character, put[index] ?? ''] as const).reverse(), // the first one wins
  );
  return Array.from(text, (character) => table.get(character) ?? character).join('');
}

/** Cuts from 0-based `start` to before `end`; negative ones count from the end, as in JavaRosa. */
function substr(text: string, start: number, end?: number): string {
  const characters = Array.from(text);
  const { length } = characters;
  const place = (at: number): number => {
    if (Number.isNaN(at)) return 0; // as JavaRosa, which is Java, makes an integer of it
    const whole = Math.trunc(Math.max(-length, Math.min(length, at)));
    return whole < 0 ? whole + length : whole;
  };
  return characters.slice(place(start), end === undefined ? length : place(end)).join('');
}

const rounded = (at: number): number => (Math.abs(at) < 2 ** 52 ? Math.floor(at + 0.5) : at);

/** Cuts as XPath 1.0, 4.2: characters whose 1-based place is at least `start` and below `start + length`, rounded. */
function substring(text: string, start: number, length?: number): string {
  const first = rounded(start);
  const end = length === undefined ? Infinity : first + rounded(length);
  return Array.from(text)
    .filter((_, index) => first <= index + 1 && index + 1 < end)
    .join('');
}

function join({ meter }: Frame, separator: string, ...lists: (readonly string[])[]): string {
  const texts = lists.flat();
  meter.spend(Math.floor((separator.length * Math.max(texts.length - 1, 0)) / 16));
  return texts.join(separator);
}

const normalized = (text: string): string => text.replace(/[ \t\r\n]+/g, ' ').replace(/^ | $/g, '');

export const TEXTS: Readonly<Record<string, Function>> = {
  concat: row('T', (_, ...lists: (readonly string[])[]) => lists.flat().join(''), { least: 0, most: ANY }),
  contains: row('tt', (frame, text, part) => search(frame, text, part) >= 0),
  'ends-with': row('tt', (_, text, part) => text.endsWith(part)),
  join: row('tT', join, { least: 1, most: ANY }),
  'normalize-space': row('t', (_, text) => normalized(text), { ofThis: true }),
  'starts-with': row('tt', (_, text, part) => text.startsWith(part)),
  'string-length': row('t', (_, text) => Array.from(text).length, { ofThis: true }),
  substr: row('tdd', (_, text, start, end?: number) => substr(text, start, end), { least: 2 }),
  substring: row('tdd', (_, text, start, length?: number) => substring(text, start, length), { least: 2 }),
  'substring-after': row('tt', after),
  'substring-before': row('tt', before),
  translate: row('ttt', (_, text, old, fresh) => translate(text, old, fresh)),
};
