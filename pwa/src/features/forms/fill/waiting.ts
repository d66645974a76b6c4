/** What waits to be sent, as a person counts it: by things, not by changes. */
import { records } from '../../../data/records.ts';
import type { RecordView } from '../../../data/records.ts';
import { decode, isObject } from '../../../sync/canonical.ts';
import type { Value } from '../../../sync/canonical.ts';

/** What stands in the outbox one by one. */
const OF_FORMS = ['submission', 'acknowledgement', 'draft'] as const;
/** What is counted there: a list of guests has hundreds. */
const COUNTED = [
  'meeting',
  'invitation',
  'invitation_order',
  'checkin',
  'verification',
  'withdrawal',
  'profile',
  'claim',
  'holding',
  'joining',
] as const;
export type Counted = (typeof COUNTED)[number];

/** Return the records that wait to be sent, and subscribe the screen to them. */
export function waitingRecords(): RecordView[] {
  return [...waitingOfForms(), ...COUNTED.flatMap((kind) => waitingOf(records(kind).value))];
}

export function waitingOfForms(): RecordView[] {
  return OF_FORMS.flatMap((kind) => waitingOf(records(kind).value));
}

/** Return how many of each other kind wait, without those of which none does. */
export function waitingCounts(): (readonly [kind: Counted, n: number])[] {
  const counts = COUNTED.map((kind) => [kind, waitingOf(records(kind).value).length] as const);
  return counts.filter(([, n]) => n > 0);
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
