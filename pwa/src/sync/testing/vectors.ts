/** Reads the shared cases of `sync/vectors/`, which `tests/sync/test_vectors.py` runs too. */

import { readFileSync } from 'node:fs';

import { Invalid } from '../limits.ts';

/** A text, or a list of [text, times]. */
export type Parts = string | [string, number][];

export function cases<Case>(name: string): (Case & { name: string })[] {
  const path = new URL(`../../../../sync/vectors/${name}.json`, import.meta.url);
  return (JSON.parse(readFileSync(path, 'utf-8')) as { cases: (Case & { name: string })[] }).cases;
}

export function text(parts: Parts): string {
  return typeof parts === 'string' ? parts : parts.map(([part, times]) => part.repeat(times)).join('');
}

/** Return the code by which `act` is refused, or null. */
export async function refusal(act: () => unknown): Promise<string | null> {
  try {
    await act();
  } catch (error) {
    if (error instanceof Invalid) return error.code;
    throw error;
  }
  return null;
}

/** Return every order of `items`. */
export function orders<Item>(items: readonly Item[]): Item[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, index) => orders(items.toSpliced(index, 1)).map((rest) => [item, ...rest]));
}
