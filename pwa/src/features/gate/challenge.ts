/** Ask and answer: this phone shows a number once, and takes only the code that repeats it. */
import { signal } from '@preact/signals';

import { hex } from '../../codes/base.ts';
import type { Verdict } from './verdict.ts';

export interface Asked {
  /** 8 random bytes as hex. */
  nonce: string;
  /** By the page's clock (`performance.now`), which nobody can set. */
  until: number;
}

export const LASTS_MS = 120_000;

/** What is asked now; null while the guard takes quick codes. */
export const challenge = signal<Asked | null>(null);

/** Reasons for which a code was no answer to what was asked. */
const NO_ANSWER: ReadonlySet<string> = new Set(['challenge_missing', 'challenge_wrong']);

export function setAsking(on: boolean): void {
  challenge.value = on ? fresh() : null;
}

/** Ask anew where the time to answer has passed. */
export function renewChallenge(): void {
  const asked = challenge.peek();
  if (asked !== null && performance.now() >= asked.until) challenge.value = fresh();
}

/** An answer was given, whatever came of it: the number is never taken again. */
export function spendChallenge(nonce: string | null, { facts, reason }: Pick<Verdict, 'facts' | 'reason'>): void {
  if (nonce === null || challenge.peek()?.nonce !== nonce) return;
  if (facts.presentation !== null && !NO_ANSWER.has(reason)) challenge.value = fresh();
}

function fresh(): Asked {
  const nonce = hex(crypto.getRandomValues(new Uint8Array(8)));
  return { nonce, until: performance.now() + LASTS_MS };
}
