import { language } from '../../text/index.ts';

/** "512 B", "12,3 kB", "1,2 MB" in the language shown. */
export function bytesText(n: number): string {
  const [size, unit] = n < 1000 ? [n, 'B'] : n < 1_000_000 ? [n / 1000, 'kB'] : [n / 1_000_000, 'MB'];
  const digits = unit === 'B' || size >= 100 ? 0 : 1;
  const format = new Intl.NumberFormat(language.value === 'vi' ? 'vi-VN' : 'en-GB', { maximumFractionDigits: digits });
  return `${format.format(size)} ${unit}`;
}
