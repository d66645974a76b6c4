/** Which files a record names. */
import type { RecordView } from '../../../data/records.ts';
import { decode, isArray, isObject } from '../../../sync/canonical.ts';
import type { Value } from '../../../sync/canonical.ts';
import { Invalid } from '../../../sync/limits.ts';

/** What is known of a file by those who name it. */
export interface NamedFile {
  name: string;
  len: number;
  sha256: string;
}

/** Return the files for which a record waits, by the names that its values give them. */
export function neededFiles({ values, needs }: Pick<RecordView, 'values' | 'needs'>): NamedFile[] {
  const named = new Map(filesIn(Object.values(values)).map((file) => [file.sha256, file]));
  return needs.flatMap((sha256) => named.get(sha256) ?? []);
}

/** Return every file that a value names, also within a signed document. */
export function filesIn(value: Value): NamedFile[] {
  if (typeof value === 'string') return value.startsWith('{') ? filesIn(documentOf(value)) : [];
  if (isArray(value)) return value.flatMap(filesIn);
  if (!isObject(value)) return [];
  const { name, len, sha256 } = value;
  if (typeof name === 'string' && typeof len === 'number' && typeof sha256 === 'string') return [{ name, len, sha256 }];
  return Object.values(value).flatMap(filesIn);
}

function documentOf(text: string): Value {
  try {
    return decode(text);
  } catch (error) {
    if (error instanceof Invalid) return null; // a text that only looks like one
    throw error;
  }
}
