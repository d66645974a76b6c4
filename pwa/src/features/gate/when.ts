/** Days and times of a meeting, between what an officer types and milliseconds, in the phone's time zone. */
import { readDate } from '../../ui/date.ts';

const TIME = /^(\d{1,2})\s*(?:[:.h]|giờ|gio|g)?\s*(\d{2})?\s*(?:phút|phut|p)?\s*(am|pm|sáng|chiều|tối)?$/;

/** Read a time of day as people type it (`8:30`, `8h30`, `0830`, `8 giờ`, `2:30 pm`) as `HH:MM`; null for none. */
export function readTime(typed: string): string | null {
  const match = TIME.exec(typed.normalize('NFC').trim().toLowerCase());
  if (match === null) return null;
  const [, typedHour = '', minute = '00', half] = match;
  let hour = Number(typedHour);
  if (half !== undefined && (hour === 0 || hour > 12)) return null;
  if ((half === 'pm' || half === 'chiều' || half === 'tối') && hour < 12) hour += 12;
  if (half === 'am' && hour === 12) hour = 0;
  if (hour > 23 || Number(minute) > 59) return null;
  return `${String(hour).padStart(2, '0')}:${minute}`;
}

/** Return the ms of `HH:MM` on a day `YYYY-MM-DD`, or `later` days after it; null for a day that no calendar has. */
export function momentOf(day: string, time: string, later = 0): number | null {
  const { year, month, day: date } = readDate(day);
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  if (!/^\d{4}$/.test(year) || !/^\d{1,2}$/.test(month) || !/^\d{1,2}$/.test(date)) return null;
  const at = new Date(Number(year), Number(month) - 1, Number(date), hour, minute);
  if (at.getMonth() !== Number(month) - 1 || at.getDate() !== Number(date)) return null;
  return at.setDate(at.getDate() + later);
}

/** Return the day `YYYY-MM-DD` of a moment. */
export function dayOf(ms: number): string {
  const at = new Date(ms);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** Return the time of day `HH:MM` of a moment. */
export function timeOf(ms: number): string {
  const at = new Date(ms);
  return `${two(at.getHours())}:${two(at.getMinutes())}`;
}

function two(part: number): string {
  return String(part).padStart(2, '0');
}
