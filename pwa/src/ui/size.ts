import { language } from '../text/index.ts';

/** Return a length in bytes as a person reads it, such as `3,2 MB`. */
export function sizeText(bytes: number): string {
  const unit = bytes < 1_000_000 ? 'kilobyte' : 'megabyte';
  const value = bytes / (bytes < 1_000_000 ? 1000 : 1_000_000);
  const options = { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: value < 10 ? 1 : 0 } as const;
  return new Intl.NumberFormat(language.value, options).format(value);
}

/** Return a length of time as `2:05`. */
export function clockText(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
