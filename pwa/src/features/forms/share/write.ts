/** Writing into a draft that others may write in too. */
import { me } from '../../../data/account.ts';
import { changeAll, record } from '../../../data/records.ts';
import type { Value } from '../../../sync/canonical.ts';
import { toWrite } from './model.ts';

/** Write answers, rows and sources into a draft, and what others must know with them: whose hand, and which rows. */
export async function writeAnswers(draft: string, values: Record<string, Value>): Promise<void> {
  const view = record('draft', draft).peek();
  const writer = me.peek();
  const more = view === undefined || writer === null ? { values, again: [] } : toWrite(view, values, writer);
  await changeAll([{ kind: 'draft', id: draft, ...more }]);
}
