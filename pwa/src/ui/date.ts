/** A date as typed: three texts of digits, any of which may still be empty. */
export interface DateParts {
  day: string;
  month: string;
  year: string;
}

/** Read a stored answer: `2026-11-02`, or what was typed so far, such as `2026--2`. */
export function readDate(answer: string): DateParts {
  const [year = '', month = '', day = ''] = answer.split('-');
  return { day: shorten(day), month: shorten(month), year };
}

/** Return what to store: `YYYY-MM-DD` when all parts are there, what was typed when some are, null when none is. */
export function writeDate({ day, month, year }: DateParts): string | null {
  if (day === '' && month === '' && year === '') return null;
  if (day === '' || month === '' || year.length < 4) return `${year}-${month}-${day}`;
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}

function shorten(part: string): string {
  return part.replace(/^0(?=\d)/, '');
}
