import { text } from '../../text/index.ts';
import { calendarDay, clockTime, fullMoment } from '../../text/time.ts';

/** "08:30 đến 10:00, 27/11/2026": the day stands once when both are of one day. Times are ms since 1970. */
export function entryWindow(from: number, until: number): string {
  const sameDay = calendarDay(from) === calendarDay(until);
  return text('wallet.window', { from: sameDay ? clockTime(from) : fullMoment(from), until: fullMoment(until) });
}
