/** What waits to be sent, as a person counts it: by things, not by changes. */
import { records } from '../../data/records.ts';
import type { RecordView } from '../../data/records.ts';
import { decode, isObject } from '../../sync/canonical.ts';
import type { Value } from '../../sync/canonical.ts';

/** Return the records that wait to be sent, and subscribe the screen to them. */
export function waitingRecords(): RecordView[] {
  return ['submission', 'acknowledgement', 'draft'].flatMap((kind) => waitingOf(records(kind).value));
}

/** Return those of `views` that wait. A draft that was signed waits as its submission. */
export function waitingOf(views: readonly RecordView[]): RecordView[] {
  return views.filter(({ unsent, values }) => unsent && values.submission === undefined);
}

/** Return the procedure's code of a draft or a submission; undefined when it names none. */
export function procedureOf(values: Readonly<Record<string, Value>>): Value | undefined {
  const { procedure, act } = values;
  if (procedure !== undefined || act === undefined || !isObject(act)) return procedure;
  if (typeof act.document !== 'string') return undefined;
  const document = decode(act.document);
  return isObject(document) ? document.procedure : undefined;
}
