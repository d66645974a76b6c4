import { describe, expect, test } from 'vitest';

import type { RecordView } from '../../../data/records.ts';
import type { Value } from '../../../sync/canonical.ts';
import * as record from '../../../sync/record.ts';
import { differing, handOf, members, openInvites, ownerName } from './model.ts';
import { rowsAround, sharedDrafts, toWrite, withRows } from './model.ts';

const ROW = '01a1ed3e0e00a1b2c3d4';
const AN = { id: 'an', name: 'An', role: 'resident', unit: null, device: 'AB' };
const BINH = { id: 'binh', name: 'Bình', role: 'resident', unit: null, device: 'CD' };
const CHI = { id: 'chi', name: 'Chi', role: 'officer', unit: '1022', device: 'EF' };
type Write = readonly [replica: string, key: string, value: Value];

/** A draft after these writes, each of one who saw all before it. */
function draft(...writes: readonly Write[]): RecordView {
  return view(writes.reduce(written, record.EMPTY));
}

function written(state: record.State, [replica, key, value]: Write): record.State {
  return record.apply(state, record.write(state, { kind: 'draft', id: 'd', key, replica, value, at: 5 }));
}

/** A draft as it is after each of two wrote without having seen the other. */
function apart(before: RecordView, one: Write, other: Write): RecordView {
  return view(record.join(written(before.state, one), written(before.state, other)));
}

function view(state: record.State): RecordView {
  const [values, conflicts] = [record.shown(state), record.conflicts(state)];
  return { kind: 'draft', id: 'd', state, values, conflicts, unsent: false, needs: [] };
}

const OWN: Write = ['AB', 'owner', 'an'];
const SHARED: Write = ['server', 'share/person/binh', { name: 'Bình', at: 3 }];

describe('who is in', () => {
  test('people and desks stand until they are taken back', () => {
    const shared = draft(OWN, SHARED, ['AB', 'share/unit/1022', { name: 'Cổng 1022', at: 2 }]);
    expect(members(shared).map(({ id }) => id)).toEqual(['1022', 'binh']);
    const back: Write = ['AB', 'share/person/binh', null];
    expect(members(view(written(shared.state, back))).map(({ id }) => id)).toEqual(['1022']);
  });

  test('taking back wins over what was written without having seen it', () => {
    const shared = draft(OWN, SHARED);
    const both = apart(shared, ['AB', 'share/person/binh', null], ['ZZ', 'share/person/binh', { name: 'x', at: 9 }]);
    expect(members(both)).toEqual([]);
  });

  test('invitations are open until they end, are used or taken back', () => {
    const invited = draft(OWN, ['AB', 'invite/a', { until: 10 }], ['AB', 'invite/b', { until: 20 }]);
    expect(openInvites(invited, 9).map(({ key }) => key)).toEqual(['invite/a', 'invite/b']);
    expect(openInvites(invited, 10).map(({ key }) => key)).toEqual(['invite/b']);
    expect(openInvites(view(written(invited.state, ['server', 'invite/b', null])), 10)).toEqual([]);
  });

  test("others' drafts are listed, the own, the sent and the removed ones are not", () => {
    const theirs = draft(['AB', 'owner', 'an']);
    const sent = draft(['AB', 'owner', 'an'], ['AB', 'submission', 's']);
    const removed = draft(['AB', 'owner', 'an'], ['AB', 'removed', true]);
    expect(sharedDrafts([theirs, sent, removed, draft(['CD', 'owner', 'binh'])], 'binh')).toEqual([theirs]);
  });
});

describe('whose hand', () => {
  test('nobody needs to say so in a draft that nobody else sees', () => {
    expect(toWrite(draft(OWN), { 'answer/a': 'x' }, AN)).toEqual({ values: { 'answer/a': 'x' }, again: [] });
  });

  test('the owner says so once others may come in, and every co-editor does before the answer', () => {
    const shared = draft(OWN, SHARED);
    const { values } = toWrite(shared, { 'answer/a': 'x' }, BINH);
    expect(Object.entries(values)).toEqual([
      ['hand/4344', { person: 'binh', name: 'Bình' }],
      ['answer/a', 'x'],
    ]);
    expect(toWrite(shared, { 'answer/a': 'x' }, AN).values['hand/4142']).toEqual({ person: 'an', name: 'An' });
    expect(Object.keys(toWrite(draft(OWN), { 'invite/a': { until: 1 } }, AN).values)[0]).toBe('hand/4142');
    const said = draft(OWN, ['AB', 'hand/4142', { person: 'an', name: 'An' }]);
    expect([handOf(said, 'AB')?.name, handOf(said, 'CD'), ownerName(said)]).toEqual(['An', undefined, 'An']);
  });

  test('an officer says for which desk, where the desk was asked', () => {
    const asked = draft(OWN, ['AB', 'share/unit/1022', { name: 'x', at: 1 }]);
    expect(toWrite(asked, {}, CHI).values).toEqual({ 'hand/4546': { person: 'chi', name: 'Chi', unit: '1022' } });
    const person = draft(OWN, ['server', 'share/person/chi', { name: 'Chi', at: 1 }]);
    expect(toWrite(person, {}, CHI).values).toEqual({ 'hand/4546': { person: 'chi', name: 'Chi' } });
  });
});

describe('rows', () => {
  test('a key stands in the rows around it', () => {
    expect(rowsAround('answer/a')).toEqual([]);
    expect(rowsAround(`answer/a/${ROW}/b`)).toEqual([`row/a/${ROW}`]);
    expect(rowsAround(`from/a/${ROW}/b/${ROW}/c`)).toEqual([`row/a/${ROW}`, `row/a/${ROW}/b/${ROW}`]);
    expect(rowsAround(`row/a/${ROW}`)).toEqual([]);
    expect(rowsAround(`row/a/${ROW}/b/${ROW}`)).toEqual([`row/a/${ROW}`]);
    expect(rowsAround('hand/41')).toEqual([]);
  });

  test('who edits in a row says once more that it is there, who removes it or clears an answer does not', () => {
    const key = `answer/a/${ROW}/b`;
    const wanted = toWrite(draft(OWN), { [key]: 'x' }, AN);
    expect(wanted).toEqual({ values: { [`row/a/${ROW}`]: true, [key]: 'x' }, again: [`row/a/${ROW}`] });
    expect(toWrite(draft(OWN), { [key]: null }, AN).again).toEqual([]);
    expect(toWrite(draft(OWN), { [`row/a/${ROW}`]: null }, AN).again).toEqual([]);
    expect(toWrite(draft(OWN), { [`row/a/${ROW}`]: true, [key]: 'x' }, AN).again).toEqual([]);
  });

  test('one that is removed here and edited there stays until a person chooses', () => {
    const row = `row/a/${ROW}`;
    const begun = draft(OWN, ['AB', row, true]);
    for (const both of [
      apart(begun, ['AB', row, null], ['CD', row, true]),
      apart(begun, ['CD', row, null], ['AB', row, true]),
    ]) {
      expect(withRows(both)[row]).toBe(true);
      expect(differing(both, row)).toHaveLength(2);
      const settled = view(written(both.state, ['AB', row, null]));
      expect(withRows(settled)[row]).toBeUndefined();
      expect(differing(settled, row)).toEqual([]);
    }
  });

  test('two who said the same leave nothing to settle', () => {
    const both = apart(draft(OWN), ['AB', 'answer/a', 'x'], ['CD', 'answer/a', 'x']);
    expect(Object.keys(both.conflicts)).toEqual(['answer/a']);
    expect(differing(both, 'answer/a')).toEqual([]);
  });
});
