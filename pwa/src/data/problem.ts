/** What went wrong, as a code that has a text in every language (RFC 9457). */

import { Invalid } from '../sync/limits.ts';

/** The codes that this side gives by itself; all others come from the server. */
export const LOCAL_PROBLEMS = [
  'network',
  'storage',
  'passkey_cancelled',
  'passkey_unsupported',
  'passkey_failed',
  'other_person',
  'device_missing',
  'unsent_changes',
  'holder_missing',
  'gate_unit',
  'vault_locked',
  'prf_unsupported',
  'vault_passkey',
  'file_empty',
  'file_large',
  'file_elsewhere',
  'image_unreadable',
  'microphone',
] as const;

/** Ends what was asked for. `retry` says whether the same may succeed later without anybody changing anything. */
export class Problem extends Error {
  readonly code: string;
  readonly retry: boolean;
  /** The ms after which the server asked to come again; 0 when it did not say. */
  readonly after: number;

  constructor(code: string, retry: boolean, message: string, after = 0) {
    super(`${code}: ${message}`);
    this.name = 'Problem';
    this.code = code;
    this.retry = retry;
    this.after = after;
  }
}

/** Name the code of any error; what nobody foresaw is `internal`. */
export function codeOf(error: unknown): string {
  if (error instanceof Problem || error instanceof Invalid) return error.code;
  if (error instanceof DOMException) return 'storage';
  return 'internal';
}

/** The ms for which the server asked to be left alone (SPEC.md T4). */
export function askedFor(error: unknown): number {
  return error instanceof Problem ? error.after : 0;
}

/** Tell whether trying again by itself can help. What nobody foresaw is tried again, slowly. */
export function mayRetry(error: unknown): boolean {
  return !(error instanceof Problem) || error.retry;
}
