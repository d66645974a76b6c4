/** Reads the shared cases of `tests/vectors/gate/`, which Python made and runs too. */

import { readFileSync } from 'node:fs';

import { CodeError } from '../base.ts';

export function vectors(name: string): unknown {
  const path = new URL(`../../../../tests/vectors/gate/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(path, 'utf-8'));
}

/** Return the reason for which `act` is refused, or null. */
export async function reasonOf(act: () => unknown): Promise<string | null> {
  try {
    await act();
  } catch (error) {
    if (error instanceof CodeError) return error.reason;
    throw error;
  }
  return null;
}
