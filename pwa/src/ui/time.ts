/** A time of day as typed: two texts of digits, either of which may still be empty. */
export interface TimeParts {
  hour: string;
  minute: string;
}

/** Read a stored answer: `07:30`, or what was typed so far, such as `7:`. */
export function readClock(answer: string): TimeParts {
  const [hour = '', minute = ''] = answer.split(':');
  return { hour, minute };
}

/** Return what to store: `HH:MM` when both parts are there, what was typed when one is, null when none is. */
export function writeClock({ hour, minute }: TimeParts): string | null {
  if (hour === '' && minute === '') return null;
  if (hour === '' || minute.length < 2) return `${hour}:${minute}`;
  return `${hour.padStart(2, '0')}:${minute}`;
}

/** Read a stored answer: `2026-11-02T07:30`, or the parts of both that were typed so far. */
export function readMoment(answer: string): { date: string; time: string } {
  const [date = '', time = ''] = answer.split('T');
  return { date, time };
}

/** Return what to store: both parts, complete or as typed so far; null when there is nothing of either. */
export function writeMoment({ date, time }: { date: string | null; time: string | null }): string | null {
  if (date === null && time === null) return null;
  return `${date ?? ''}T${time ?? ''}`;
}
