/** Which files a change can't go without (SPEC.md A3): those of this phone that the server does not have whole. */

import { stringify, type Value } from '../sync/canonical.ts';
import type { Reading, Unsent, Writing } from './db.ts';

const NAME = /[0-9a-f]{64}/g;

/** Return every SHA-256 that stands in a value, also in a text such as a signed document. */
export function namesIn(value: Value): Set<string> {
  return new Set(stringify(value).match(NAME) ?? []);
}

/** Return those files that a value names and that still have to be sent. */
export async function neededBy(tx: Reading, value: Value): Promise<string[]> {
  const names = [...namesIn(value)];
  const files = await Promise.all(names.map((name) => tx.objectStore('files').get(name)));
  return files.flatMap((file) => (file === undefined || file.whole ? [] : [file.sha256]));
}

/** Return which of these changes wait for no file. */
export async function free(tx: Reading, changes: readonly Unsent[]): Promise<Unsent[]> {
  if (changes.every(({ needs }) => needs.length === 0)) return [...changes];
  const waiting = (await tx.objectStore('files').getAll()).filter(({ whole }) => !whole);
  const lacking = new Set(waiting.map(({ sha256 }) => sha256));
  return changes.filter(({ needs }) => !needs.some((name) => lacking.has(name)));
}

/** The server says that a file is missing: what it has of those that this value names is asked anew. */
export async function askAgain(tx: Writing, value: Value): Promise<void> {
  for (const name of namesIn(value)) {
    const file = await tx.objectStore('files').get(name);
    if (file !== undefined) await tx.objectStore('files').put({ ...file, whole: false, sent: 0 });
  }
}
