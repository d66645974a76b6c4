import { describe, expect, test } from 'vitest';

import { uuid7 } from '../../data/ids.ts';
import { readCheckin } from './checkin-event.ts';
import { checkinValue, overridable, passes, timeOfId, undoValue } from './checkin.ts';
import { NOTHING } from './facts.ts';
import type { Facts } from './facts.ts';
import { OUTCOMES } from './reasons.ts';
import type { Reason } from './reasons.ts';
import type { Gate, Verdict } from './verdict.ts';

const AT = 1_795_597_000_000;
const GATE: Gate = { unit: 'ben-thanh', place: 1, bit: 2, way: 'in', challenge: null };
const KNOWN: Facts = { ...NOTHING, sort: 'invitation', subject: 'ab'.repeat(8), meeting: '0a1b2c', max: 2 };

function verdict(reason: Reason, facts: Facts = KNOWN): Verdict {
  const [word, next] = OUTCOMES[reason];
  return { word, reason, next, facts };
}

describe('who passes', () => {
  test('an ADMIT is recorded, and so is whoever leaves without having been seen to come', () => {
    const recorded = (Object.keys(OUTCOMES) as Reason[]).filter((reason) => passes(verdict(reason)));
    expect(recorded).toEqual(['not_inside', 'exit', 'invitation', 'age', 'identity']);
  });

  test('nobody passes whose code is not known to be theirs, whatever the guard decides', () => {
    for (const reason of ['forged', 'unknown_issuer', 'holder', 'malformed', 'no_pack'] as const) {
      expect(passes(verdict(reason, NOTHING))).toBe(false);
      expect(overridable(verdict(reason, NOTHING))).toBe(false);
    }
  });

  test('a guard may decide against a CHECK or REFUSE about someone known, and need not where all is well', () => {
    expect(overridable(verdict('used'))).toBe(true);
    expect(overridable(verdict('list_stale'))).toBe(true);
    expect(overridable(verdict('invitation'))).toBe(false);
  });
});

describe('the record', () => {
  test('says what the server expects of an entry, and reads back as an event', () => {
    const id = uuid7(AT, new Uint8Array(10).fill(7));
    const override = 'Người mời đã xác nhận';
    const value = checkinValue({ gate: GATE, verdict: verdict('used'), at: timeOfId(id), override });
    expect(value).toEqual({
      unit: 'ben-thanh',
      place: 1,
      gate: 2,
      subject: 'ab'.repeat(8),
      sort: 'invitation',
      meeting: '0a1b2c',
      way: 'in',
      at: AT,
      max: 2,
      word: 'REFUSE',
      reason: 'used',
      override,
      shown: null,
    });
    expect(readCheckin(id, value)).toEqual({
      event: {
        id,
        at: AT,
        way: 'in',
        subject: 'ab'.repeat(8),
        gate: 2,
        place: 1,
        max: 2,
        override: true,
        shown: null,
      },
      meeting: '0a1b2c',
      override,
    });
  });

  test('of an undo names what it takes back', () => {
    const value = undoValue(GATE, { of: 'x', at: AT, why: null });
    expect(value).toEqual({ unit: 'ben-thanh', place: 1, gate: 2, way: 'undo', of: 'x', at: AT, why: null });
    expect(readCheckin('u', value)?.event).toEqual({ id: 'u', at: AT, way: 'undo', of: 'x' });
  });

  test('of some other form is no event', () => {
    expect(readCheckin('u', undefined)).toBeNull();
    expect(readCheckin('u', { way: 'in', at: AT })).toBeNull();
    expect(readCheckin('u', { way: 'sideways', at: AT })).toBeNull();
  });
});
