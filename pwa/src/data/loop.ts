/** When to exchange with the server (SPEC.md T1): when something calls for it, and after failures ever more seldom. */

import { signal } from '@preact/signals';

import { exchange } from './exchange.ts';
import { askedFor, codeOf, mayRetry, Problem } from './problem.ts';
import { delay } from './retry.ts';

const MOMENT = 300;

export const sending = signal(false);
/** The code of what went wrong last, until something goes right. */
export const trouble = signal<string | null>(null);

let running = false;
let again = false;
/** Settles when the exchange that was begun last has ended. */
let current: Promise<void> = Promise.resolve();
let failures = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
/** Before this moment (ms since 1970) nothing calls for an exchange but the person: the server has asked for it. */
let notBefore = 0;

/** Exchange in a moment, so that what is changed in one go is sent in one batch. */
export function wakeSoon(): void {
  if (running) again = true;
  else if (Date.now() >= notBefore) {
    clearTimeout(timer);
    timer = setTimeout(wake, MOMENT);
  }
}

/**
 * Exchange now, or once more after the exchange that is going on. Where the server has asked to be left alone, this
 * waits for the time that was chosen then (SPEC.md T4).
 */
export function wake(): void {
  if (running) again = true;
  else if (Date.now() >= notBefore) begin();
}

function begin(): void {
  clearTimeout(timer);
  notBefore = 0;
  running = true;
  sending.value = true;
  current = run().finally(() => {
    running = false;
    sending.value = false;
    if (again) {
      again = false;
      wake();
    }
  });
}

/** Exchange now, and resolve when an exchange that began after this has ended. Throws `Problem` when it failed. */
export async function exchanged(): Promise<void> {
  const before = running ? current : Promise.resolve();
  if (running) again = true;
  else begin();
  await before;
  await current;
  const code = trouble.peek();
  if (code !== null) throw new Problem(code, true, 'expected the exchange to come to its end');
}

async function run(): Promise<void> {
  try {
    const { later } = await exchange();
    trouble.value = null;
    failures = later ? failures + 1 : 0;
    if (later) comeBack();
  } catch (error) {
    if (!(error instanceof Problem)) reportError(error);
    trouble.value = codeOf(error);
    failures += 1;
    // After `signed_out` only the person can help; signing in wakes this again.
    if (mayRetry(error) && trouble.value !== 'signed_out') comeBack(askedFor(error));
  }
}

function comeBack(asked = 0): void {
  clearTimeout(timer);
  const pause = delay(failures, Math.random(), asked);
  if (asked > 0) notBefore = Date.now() + pause;
  timer = setTimeout(begin, pause);
}
