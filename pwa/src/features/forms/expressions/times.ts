/** Functions over dates and times, on the city's clock. `times.py` is its twin. */
import { type Civil, civil, clock, dateText, dateTimeText, DAY, MINUTE, moment, padded, timeOf } from './dates.ts';
import type { Frame } from './scope.ts';
import { type Constants, type Function, row } from './table.ts';
import { number, type Scalar, string } from './values.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

const now = ({ scope }: Frame): number => scope.now + scope.offset * MINUTE;

/** The moment that a value means: days since 1970 on the city's clock, a date, a dateTime or a time. */
export function at({ scope: { offset } }: Frame, value: Scalar): number | undefined {
  const named = typeof value === 'string' ? (moment(value, offset) ?? clock(value, offset)) : undefined;
  if (named !== undefined) return named;
  const counted = number(value, offset) * DAY;
  return Math.abs(counted) < 2 ** 53 ? Math.floor(counted + 0.5) : undefined;
}

function decimalDateTime({ scope: { offset } }: Frame, value: Scalar): number {
  if (typeof value !== 'string') return number(value);
  const named = moment(value, offset);
  return named === undefined ? NaN : (named - offset * MINUTE) / DAY;
}

const SHOWN: ReadonlyMap<string, (shown: Civil) => string> = new Map<string, (shown: Civil) => string>([
  ['%', () => '%'],
  ['3', ({ millisecond }) => padded(millisecond, 3)],
  ['H', ({ hour }) => padded(hour)],
  ['M', ({ minute }) => padded(minute)],
  ['S', ({ second }) => padded(second)],
  ['Y', ({ year }) => padded(year, 4)],
  ['a', ({ weekday }) => WEEKDAYS[weekday] ?? ''],
  ['b', ({ month }) => MONTHS[month - 1] ?? ''],
  ['d', ({ day }) => padded(day)],
  ['e', ({ day }) => String(day)],
  ['h', ({ hour }) => String(hour)],
  ['m', ({ month }) => padded(month)],
  ['n', ({ month }) => String(month)],
  ['y', ({ year }) => padded(year % 100)],
]);
const IDENTIFIER = /%(.?)/gsu;

/** Writes a moment as the format says; what it does not know stays as it is. */
function format(frame: Frame, value: Scalar, text: string): string {
  const found = at(frame, value);
  const shown = found === undefined ? undefined : civil(found);
  if (!shown) return '';
  return text.replace(IDENTIFIER, (as: string, letter: string) => SHOWN.get(letter)?.(shown) ?? as);
}

function unknown([, text]: Constants): string | undefined {
  for (const [as, letter = ''] of text === undefined ? [] : string(text).matchAll(IDENTIFIER))
    if (!SHOWN.has(letter))
      return `expected one of ${[...SHOWN.keys()].map((known) => `%${known}`).join(', ')}, got '${as}'`;
  return undefined;
}

const text = (moment: number | undefined, write: (at: number) => string): string =>
  moment === undefined ? '' : write(moment);

export const TIMES: Readonly<Record<string, Function>> = {
  date: row('v', (frame, value) => text(at(frame, value), dateText)),
  'date-time': row('v', (frame, value) => text(at(frame, value), (found) => dateTimeText(found, frame.scope.offset))),
  'decimal-date-time': row('v', decimalDateTime),
  'decimal-time': row('v', (frame, value) => {
    const found = at(frame, value);
    return found === undefined ? NaN : timeOf(found) / DAY;
  }),
  'format-date': row('vt', format, { refuses: unknown }),
  'format-date-time': row('vt', format, { refuses: unknown }),
  now: row('', (frame) => dateTimeText(now(frame), frame.scope.offset)),
  today: row('', (frame) => dateText(now(frame))),
};
