import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { RecordView } from '../../data/records.ts';
import type { Value } from '../../sync/canonical.ts';
import { byTime, draftOf, emptyDraft, meetingOf, placeOf, read } from './meeting-model.ts';
import type { Draft, Meeting } from './meeting-model.ts';
import { momentOf, readTime, timeOf } from './when.ts';

const NOW = new Date(2026, 10, 25, 7, 0).getTime();
const DRAFT: Draft = {
  ...emptyDraft(),
  title: ' Họp  tổ dân phố ',
  place: '12',
  gates: ['2', '0'],
  day: '2026-11-26',
  from: '8h30',
  to: '10',
  host: 'Bà Lan',
};

function view(kind: string, id: string, values: Record<string, Value>): RecordView {
  return { kind, id, values, state: new Map(), conflicts: {}, unsent: false, needs: [] };
}

describe('a typed meeting', () => {
  test('becomes the values of a record', () => {
    expect(read(DRAFT, NOW)).toEqual({
      title: 'Họp tổ dân phố',
      place: 12,
      gates: [0, 2],
      starts: new Date(2026, 10, 26, 8, 30).getTime(),
      ends: new Date(2026, 10, 26, 10, 0).getTime(),
      opens: 30,
      host: 'Bà Lan',
      room: '',
      note: '',
      entries: 1,
    });
  });

  test('names everything that is missing, in the order of the form', () => {
    const mistakes = read({ ...emptyDraft(), opens: '' }, NOW) as { field: string }[];
    expect(mistakes.map(({ field }) => field)).toEqual(['title', 'place', 'day', 'from', 'to', 'opens', 'host']);
  });

  test.each<[Partial<Draft>, string, string]>([
    [{ gates: [] }, 'gates', 'form.gates.missing'],
    [{ day: '2026-02-30' }, 'day', 'form.day.wrong'],
    [{ day: '2026-11-' }, 'day', 'form.day.wrong'],
    [{ day: '2026-11-24' }, 'day', 'form.day.past'],
    [{ from: '25:00' }, 'from', 'form.from.wrong'],
    [{ to: '8:30' }, 'to', 'form.to.before'],
    [{ opens: '1441' }, 'opens', 'form.opens.wrong'],
    [{ opens: 'x' }, 'opens', 'form.opens.wrong'],
    [{ sort: 'several', most: '1' }, 'most', 'form.most.wrong'],
    [{ sort: 'several', most: '256' }, 'most', 'form.most.wrong'],
  ])('%j is a mistake in %s', (wrong, field, key) => {
    expect(read({ ...DRAFT, ...wrong }, NOW)).toEqual([{ field, key }]);
  });

  test.each<[Partial<Draft>, number]>([
    [{ sort: 'once', most: '9' }, 1],
    [{ sort: 'several', most: ' 5 ' }, 5],
    [{ sort: 'unbound' }, 0],
  ])('%j lets a guest in %d times', (entries, most) => {
    expect(read({ ...DRAFT, ...entries }, NOW)).toMatchObject({ entries: most });
  });

  test('may go past midnight', () => {
    const values = read({ ...DRAFT, from: '22:00', to: '0:30' }, NOW) as Record<string, Value>;
    expect(values.ends).toBe(new Date(2026, 10, 27, 0, 30).getTime());
    const meeting = meetingOf(view('meeting', 'm', { ...values, unit: 'ben-thanh' }));
    expect(read(draftOf(meeting!), NOW)).toEqual(values);
  });

  test('comes back as it was from the record', () => {
    const values = read({ ...DRAFT, sort: 'several', most: '3' }, NOW) as Record<string, Value>;
    const meeting = meetingOf(view('meeting', 'm', { ...values, unit: 'ben-thanh' }));
    expect(meeting).not.toBeNull();
    const draft = draftOf(meeting!);
    expect(draft).toMatchObject({ day: '2026-11-26', from: '08:30', to: '10:00', sort: 'several', most: '3' });
    expect(read(draft, NOW)).toEqual(values);
  });
});

test.each([
  ['08:30', '08:30'],
  ['8:30', '08:30'],
  ['8h30', '08:30'],
  ['8.30', '08:30'],
  ['8 giờ 30', '08:30'],
  ['8 giờ 30 phút', '08:30'],
  ['8g', '08:00'],
  ['0830', '08:30'],
  ['830', '08:30'],
  ['14', '14:00'],
  ['2:30 pm', '14:30'],
  ['12 am', '00:00'],
  ['7 giờ tối', '19:00'],
  ['24:00', null],
  ['8:60', null],
  ['8:3', null],
  ['13 pm', null],
  ['sáng', null],
  ['', null],
])('%j is the time %j', (typed, time) => expect(readTime(typed)).toBe(time));

test('whatever is typed, a time is none or one of a day, and reads as itself again', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^\d{0,4}[:h]?\d{0,2}( ?[ap]m)?$/)), (typed) => {
      const time = readTime(typed);
      if (time === null) return;
      expect(readTime(time)).toBe(time);
      expect(timeOf(momentOf('2026-11-25', time) ?? 0)).toBe(time);
    }),
  );
});

test('meetings to come stand by their start, past and cancelled ones the other way round', () => {
  const meeting = (id: string, starts: number, cancelled = false): Meeting => ({
    id, starts, ends: starts + 10, cancelled, unit: 'u', title: id, place: 1, gates: [0], opens: 0, host: '', room: '',
    note: '', entries: 1, unsent: false, unsettled: false,
  });
  const far = [meeting('later', 300), meeting('soon', 200), meeting('off', 400, true)];
  const { coming, past } = byTime([...far, meeting('running', 95), meeting('over', 50)], 100);
  expect(coming.map(({ id }) => id)).toEqual(['running', 'soon', 'later']);
  expect(past.map(({ id }) => id)).toEqual(['off', 'over']);
});

test('a place is read with its gates in order; a record that is no place is left out', () => {
  const name = { vi: 'Trụ sở', en: 'Office' };
  const gates = [{ bit: 3, name }, { bit: 0, name }, { bit: 'x' }];
  expect(placeOf(view('place', '12', { number: 12, unit: 'u', name, address: '1 Lê Lợi', gates }))).toEqual({
    number: 12, unit: 'u', name, address: '1 Lê Lợi', gates: [{ bit: 0, name }, { bit: 3, name }],
  });
  expect(placeOf(view('place', '13', { number: 13 }))).toBeNull();
  expect(meetingOf(view('meeting', 'm', { unit: 'u' }))).toBeNull();
});
