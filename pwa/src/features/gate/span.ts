import { language } from '../../text/index.ts';
import { clockTime } from '../../text/time.ts';
import { dayOf } from './when.ts';

/** "08:00–10:00, Thứ Ba 25/11/2026" or "08:00–10:00, Tuesday 25 November 2026". */
export function spanText({ starts, ends }: { starts: number; ends: number }): string {
  if (dayOf(starts) === dayOf(ends)) return `${clockTime(starts)}–${clockTime(ends)}, ${dayText(starts)}`;
  return `${clockTime(starts)} ${dayText(starts)} – ${clockTime(ends)} ${dayText(ends)}`;
}

/** "Thứ Ba 25/11/2026" or "Tuesday 25 November 2026". */
export function dayText(ms: number): string {
  const vietnamese = language.value === 'vi';
  const locale = vietnamese ? 'vi-VN' : 'en-GB';
  const month = vietnamese ? '2-digit' : 'long';
  const weekday = new Intl.DateTimeFormat(locale, { weekday: 'long' }).format(ms);
  const day = vietnamese ? '2-digit' : 'numeric';
  return `${weekday} ${new Intl.DateTimeFormat(locale, { day, month, year: 'numeric' }).format(ms)}`;
}
