import { beforeAll, describe, expect, test } from 'vitest';

import en from '../../text/gate.en.json';
import vi from '../../text/gate.vi.json';
import { openTexts } from '../../text/index.ts';
import { NOTHING } from './facts.ts';
import type { Facts } from './facts.ts';
import { OUTCOMES } from './reasons.ts';
import type { Reason } from './reasons.ts';
import { ago, said, saidOverridden, saidUnsaved } from './said.ts';
import type { Around } from './said.ts';
import type { Verdict } from './verdict.ts';

const NOW = new Date(2026, 10, 25, 8, 40).getTime();
const HOUR = 3_600_000;
const first = {
  id: '0199-first',
  at: new Date(2026, 10, 25, 8, 31).getTime(),
  way: 'in',
  subject: 'ab'.repeat(8),
  gate: 0,
  place: 1,
  max: 1,
  override: false,
} as const;

const INVITED: Facts = {
  ...NOTHING,
  sort: 'invitation',
  name: 'Nguyễn Thị Minh Khai',
  subject: 'ab'.repeat(8),
  meeting: '0a1b2c',
  place: 1,
  gates: 0b101,
  from: NOW - HOUR,
  until: NOW + HOUR,
  entries: 0,
  max: 1,
};

const AROUND: Around = {
  way: 'in',
  now: NOW,
  meeting: { title: 'Họp tổ dân phố', host: 'Trần Thị Bích', room: 'Phòng 201' },
  placeName: (place) => (place === 2 ? 'Nhà văn hoá' : null),
  gateName: (_, gate) => `Cửa ${gate}`,
};

function verdict(reason: Reason, facts: Facts = INVITED): Verdict {
  const [word, next] = OUTCOMES[reason];
  return { word, reason, next, facts };
}

function factsOf(reason: Reason, facts: Facts = INVITED, around = AROUND): Record<string, string> {
  return Object.fromEntries(said(verdict(reason, facts), around).facts);
}

beforeAll(() => openTexts('gate'));

describe('words', () => {
  const texts: [string, Record<string, string>][] = [
    ['vi', vi],
    ['en', en],
  ];
  test.each(texts)('every reason and every next step has words of its own (%s)', (_, words) => {
    const reasons = Object.keys(OUTCOMES).map((reason) => words[`reason.${reason}`]);
    const steps = Object.values(OUTCOMES).map(([, next]) => words[`next.${next}`]);
    expect([...reasons, ...steps]).not.toContain(undefined);
    expect(new Set(reasons).size).toBe(reasons.length);
    expect(new Set(steps).size).toBe(new Set(Object.values(OUTCOMES).map(([, next]) => next)).size);
  });

  test.each(Object.keys(OUTCOMES) as Reason[])('%s fills its texts without a hole', (reason) => {
    const { word, reason: why, next, facts } = said(verdict(reason, { ...INVITED, first, entries: 1 }), AROUND);
    for (const each of [word, why, next, ...facts.flat()]) expect(each).not.toMatch(/[{}]|^(reason|next|verdict)\./);
  });

  test('the large words are those of a gate', () => {
    expect(said(verdict('invitation'), AROUND)).toMatchObject({ word: 'CHO VÀO', look: 'admit' });
    expect(said(verdict('exit'), { ...AROUND, way: 'out' })).toMatchObject({ word: 'CHO RA', look: 'admit' });
    expect(said(verdict('list_stale'), AROUND)).toMatchObject({ word: 'KIỂM TRA', look: 'check' });
    expect(said(verdict('forged', NOTHING), AROUND)).toMatchObject({ word: 'TỪ CHỐI', look: 'refuse', name: null });
  });
});

describe('what makes way by itself', () => {
  test('an ADMIT does, but not while a face is to be compared', () => {
    const photo = 'ef'.repeat(16);
    const identity: Facts = { ...NOTHING, sort: 'identity', name: 'An', subject: 'cd'.repeat(8), photo };
    expect(said(verdict('invitation'), AROUND).goes).toBe(true);
    expect(said(verdict('identity', identity), AROUND)).toMatchObject({
      goes: false,
      photo: `/identity/photos/${photo}`,
    });
  });

  test('CHECK and REFUSE stay', () => {
    expect(said(verdict('list_stale'), AROUND).goes).toBe(false);
    expect(said(verdict('used'), AROUND).goes).toBe(false);
  });

  test('an entry that was not stored is never green', () => {
    expect(saidUnsaved(said(verdict('invitation'), AROUND))).toMatchObject({ look: 'check', goes: false });
  });

  test('a guard who decides otherwise sees the reason that was given', () => {
    const done = saidOverridden(said(verdict('used'), AROUND), 'Người mời đã xác nhận');
    expect(done).toMatchObject({ look: 'admit', word: 'CHO VÀO', next: 'Người mời đã xác nhận' });
  });
});

describe('facts', () => {
  test('the entry that was just made counts', () => {
    expect(factsOf('invitation')).toMatchObject({ 'Lượt vào': '1 trên 1', 'Cuộc hẹn': 'Họp tổ dân phố' });
    expect(factsOf('invitation', { ...INVITED, max: 0, entries: 4 })).toMatchObject({ 'Lượt vào': '5' });
  });

  test('a code that was used says when and where', () => {
    const used = said(verdict('used', { ...INVITED, entries: 1, first }), AROUND);
    expect(Object.fromEntries(used.facts)).toMatchObject({ 'Đã vào': '08:31, Cửa 0', 'Lượt vào': '1 trên 1' });
    expect(used.facts[0]).toEqual(['Người mời', 'Trần Thị Bích']); // whom to call comes first
  });

  test('a code for elsewhere says where', () => {
    expect(factsOf('other_place', { ...INVITED, place: 2 })).toMatchObject({ 'Nơi được mời': 'Nhà văn hoá' });
    expect(factsOf('other_place', { ...INVITED, place: 9 })).toMatchObject({ 'Nơi được mời': 'Nơi khác' });
    expect(factsOf('other_gate')).toMatchObject({ 'Cửa được vào': 'Cửa 0, Cửa 2' });
  });

  test('a window within a day has one date at most', () => {
    expect(factsOf('early')).toMatchObject({ 'Giờ được vào': '07:40 đến 09:40' });
  });

  test('the greatest age that is proven says all', () => {
    const aged = (ages: number): Facts => ({ ...NOTHING, sort: 'identity', subject: 'cd'.repeat(8), ages });
    const shown = (ages: number) => factsOf('age', aged(ages), { ...AROUND, meeting: null });
    expect(shown(0b0111)).toEqual({ Tuổi: 'Đủ 18 tuổi' });
    expect(shown(0b1111)).toEqual({ Tuổi: 'Từ 60 tuổi' });
    expect(shown(0)).toEqual({ Tuổi: 'Chưa đủ 14 tuổi' });
  });
});

test('how long ago is said in whole minutes, hours and days', () => {
  expect([20_000, 180_000, 2 * HOUR, 50 * HOUR].map(ago)).toEqual([
    'vừa xong',
    '3 phút trước',
    '2 giờ trước',
    '2 ngày trước',
  ]);
});
