import { decode, isObject } from '../../sync/canonical.ts';
import type { Value } from '../../sync/canonical.ts';

/** Return the procedure's code of a draft or a submission; undefined when it names none. */
export function procedureOf(values: Readonly<Record<string, Value>>): Value | undefined {
  const { procedure, act } = values;
  if (procedure !== undefined || act === undefined || !isObject(act)) return procedure;
  if (typeof act.document !== 'string') return undefined;
  const document = decode(act.document);
  return isObject(document) ? document.procedure : undefined;
}
