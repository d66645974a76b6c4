import { beforeEach, expect, test, vi } from 'vitest';

import { challenge, LASTS_MS, renewChallenge, setAsking, spendChallenge } from './challenge.ts';
import { NOTHING } from './facts.ts';
import type { Reason } from './reasons.ts';

const asked = () => challenge.peek()?.nonce ?? null;
const answer = (reason: Reason) => ({ reason, facts: { ...NOTHING, presentation: 'ab'.repeat(8) } });

beforeEach(() => {
  vi.useFakeTimers();
  setAsking(true);
  return () => vi.useRealTimers();
});

test('a question is 8 bytes, and another each time', () => {
  const first = asked();
  expect(first).toMatch(/^[0-9a-f]{16}$/);
  setAsking(true);
  expect(asked()).not.toBe(first);
});

test('once it was answered it is never asked again, whatever came of it', () => {
  for (const reason of ['invitation', 'used', 'replayed'] as const) {
    const before = asked();
    spendChallenge(before, answer(reason));
    expect(asked()).not.toBe(before);
  }
});

test('a code that is no answer leaves the question standing', () => {
  const before = asked();
  spendChallenge(before, answer('challenge_wrong'));
  spendChallenge(before, answer('challenge_missing'));
  spendChallenge(before, { reason: 'invitation', facts: NOTHING });
  expect(asked()).toBe(before);
});

test('it is asked anew when the time to answer has passed', () => {
  const before = asked();
  vi.advanceTimersByTime(LASTS_MS - 1);
  renewChallenge();
  expect(asked()).toBe(before);
  vi.advanceTimersByTime(1);
  renewChallenge();
  expect(asked()).not.toBe(before);
});

test('nothing is asked once the guard takes quick codes', () => {
  setAsking(false);
  renewChallenge();
  expect(challenge.peek()).toBeNull();
});
