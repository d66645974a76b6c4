/** Moments and dates as people here read them, in the phone's time zone. */
import { language } from './index.ts';

function format(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(language.value === 'vi' ? 'vi-VN' : 'en-GB', options);
}

/** "14:02" */
export function clockTime(ms: number): string {
  return format({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(ms);
}

/** "22/11/2026" or "22 November 2026" */
export function calendarDay(ms: number): string {
  const vietnamese = { day: '2-digit', month: '2-digit', year: 'numeric' } as const;
  const english = { day: 'numeric', month: 'long', year: 'numeric' } as const;
  return format(language.value === 'vi' ? vietnamese : english).format(ms);
}

/** "14:02, 22/11/2026", or only the time when `ms` is of the same day as `now`. */
export function moment(ms: number, now: number): string {
  const sameDay = new Date(ms).toDateString() === new Date(now).toDateString();
  return sameDay ? clockTime(ms) : fullMoment(ms);
}

/** "14:02, 22/11/2026", always with the day: for what is kept or printed. */
export function fullMoment(ms: number): string {
  return `${clockTime(ms)}, ${calendarDay(ms)}`;
}
