/** Where a filled answer came from, in words. */
import { text } from '../../../text/index.ts';
import { calendarDay } from '../../../text/time.ts';
import { procedureTitle } from '../fill/title.ts';

const LATEST = /^last\/([a-z0-9-]+)\/[a-z0-9_]+\/([0-9]{4})-([0-9]{2})-([0-9]{2})$/;

/** Return the words of a mark such as "From the citizen card", for the source that stands under `from/<question>`. */
export function sourceText(source: string): string {
  const [, procedure, year, month, day] = LATEST.exec(source) ?? [];
  if (procedure !== undefined) {
    const signed = new Date(Number(year), Number(month) - 1, Number(day));
    return text('known.from.earlier', { title: procedureTitle(procedure), day: calendarDay(signed.getTime()) });
  }
  if (source.startsWith('card/')) return text('known.from.card');
  return text(source.startsWith('identity/') ? 'known.from.identity' : 'known.from.account');
}
