import { language } from '../text/index.ts';

const UNITS = [
  ['gigabyte', 1_000_000_000],
  ['megabyte', 1_000_000],
] as const;

/** Return a length in bytes as a person reads it, such as `3,2 MB`. */
export function sizeText(bytes: number): string {
  const [unit, of] = UNITS.find(([, size]) => bytes >= size) ?? (['kilobyte', 1000] as const);
  const value = bytes / of;
  const options = { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: value < 10 ? 1 : 0 } as const;
  return new Intl.NumberFormat(language.value, options).format(value).replace(' ', '\u00a0');
}

/** Return a length of time as `2:05`. */
export function clockText(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
