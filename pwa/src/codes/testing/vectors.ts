/** Reads the shared cases of `tests/vectors/gate/`, which Python made and runs too. */

import { readFileSync } from 'node:fs';

export function vectors(name: string): unknown {
  const path = new URL(`../../../../tests/vectors/gate/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(path, 'utf-8'));
}
