import { describe, expect, test } from 'vitest';

import { readClock, readMoment, writeClock, writeMoment } from './time.ts';

describe('a time of day', () => {
  test('is stored once both parts are there', () => {
    expect(writeClock({ hour: '7', minute: '30' })).toBe('07:30');
    expect(writeClock({ hour: '', minute: '' })).toBeNull();
  });

  test.each(['7:', ':30', '7:3', '07:30', '99:99'])('keeps %s as typed', (typed) => {
    expect(writeClock(readClock(typed))).toBe(typed);
  });
});

describe('a date with a time', () => {
  test.each(['2026-11-02T07:30', '2026--2T', 'T7:'])('keeps %s as typed', (typed) => {
    const { date, time } = readMoment(typed);
    expect(writeMoment({ date: date === '' ? null : date, time: time === '' ? null : time })).toBe(typed);
  });

  test('is nothing when neither was typed', () => {
    expect(writeMoment({ date: null, time: null })).toBeNull();
  });
});
