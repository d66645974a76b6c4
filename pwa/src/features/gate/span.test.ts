import { describe, expect, test } from 'vitest';

import { spanText } from './span.ts';

const at = (day: number, hour: number, minute = 0) => new Date(2026, 10, day, hour, minute).getTime();

describe('when a meeting is', () => {
  test('says the day once', () => {
    expect(spanText({ starts: at(25, 8, 30), ends: at(25, 10) })).toBe('08:30–10:00, Thứ Tư 25/11/2026');
  });

  test('says both days where it goes past midnight', () => {
    const span = { starts: at(25, 22), ends: at(26, 0, 30) };
    expect(spanText(span)).toBe('22:00 Thứ Tư 25/11/2026 – 00:30 Thứ Năm 26/11/2026');
  });
});
