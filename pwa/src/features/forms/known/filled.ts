import type { Value } from '../../../sync/canonical.ts';
import { FROM } from '../fill/model.ts';

/** Return where those answers of a draft came from that stand as they were filled: sources by path. */
export function filledIn(values: Readonly<Record<string, Value>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, source]) =>
      key.startsWith(FROM) && typeof source === 'string' ? [[key.slice(FROM.length), source]] : [],
    ),
  );
}
