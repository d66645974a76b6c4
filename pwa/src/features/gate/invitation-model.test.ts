import { describe, expect, test } from 'vitest';

import type { RecordView } from '../../data/records.ts';
import type { Value } from '../../sync/canonical.ts';
import { countsOf, failedOf, rosters, search } from './invitation-model.ts';
import type { Arrival, Invitation } from './invitation-model.ts';

function view(kind: string, id: string, values: Record<string, Value>, unsent = false): RecordView {
  return { kind, id, values, state: new Map(), conflicts: {}, unsent, needs: [] };
}

function guest(id: string, name: string, { email = true, unsent = false } = {}): RecordView {
  const address = email ? `${id}@vidu.vn` : null;
  const invitation = { unit: 'u', meeting: 'm', name, email: address, language: 'vi' };
  return view('invitation', id, { invitation }, unsent);
}

function code(id: string, values: Record<string, Value> = {}): RecordView {
  const issued = { code: `MCI1:${id}`, cti: `cti-${id}`, version: 1, status: 'issued', issued_at: 10, ...values };
  return view('invitation_code', id, issued);
}

function mail(id: string, invitation: string, values: Record<string, Value>): RecordView {
  return view('mail', id, { invitation, to: 'a@vidu.vn', sort: 'invite', state: 'sent', attempts: 1, ...values });
}

function roster(
  invitations: RecordView[],
  { codes = [], mails = [], arrivals = new Map<string, Arrival>() }: Partial<{
    codes: RecordView[];
    mails: RecordView[];
    arrivals: Map<string, Arrival>;
  }> = {},
): Invitation[] {
  return rosters({ invitations, codes, mails, arrivals }).get('m') ?? [];
}

const entered: Arrival = { at: 90, inside: true, entries: 1, conflict: false };

describe('where an invitation stands', () => {
  test.each<[string, Parameters<typeof roster>, string, number | null]>([
    ['saved here', [[guest('a', 'An', { unsent: true })]], 'saved', null],
    ['sent, and no code yet', [[guest('a', 'An')]], 'making', null],
    ['without an address', [[guest('a', 'An', { email: false })], { codes: [code('a')] }], 'made', 10],
    ['with a code', [[guest('a', 'An')], { codes: [code('a')] }], 'mailing', null],
    [
      'with a letter that waits',
      [[guest('a', 'An')], { codes: [code('a')], mails: [mail('a-1', 'a', { state: 'queued' })] }],
      'mailing',
      null,
    ],
    [
      'with a letter',
      [[guest('a', 'An')], { codes: [code('a')], mails: [mail('a-1', 'a', { sent_at: 20 })] }],
      'mailed',
      20,
    ],
    [
      'with a letter that failed',
      [[guest('a', 'An')], { codes: [code('a')], mails: [mail('a-1', 'a', { state: 'failed' })] }],
      'mail_failed',
      null,
    ],
    ['claimed', [[guest('a', 'An')], { codes: [code('a', { status: 'claimed', claimed_at: 30 })] }], 'claimed', 30],
    [
      'at the gate',
      [[guest('a', 'An')], { codes: [code('a')], arrivals: new Map([['cti-a', entered]]) }],
      'arrived',
      90,
    ],
    [
      'cancelled',
      [
        [guest('a', 'An')],
        { codes: [code('a', { status: 'cancelled', cancelled_at: 40 })], arrivals: new Map([['cti-a', entered]]) },
      ],
      'cancelled',
      40,
    ],
  ])('%s', (_, given, standing, at) => expect(roster(...given)[0]).toMatchObject({ standing, at }));

  test('the letter that counts is the last one queued, by number and not by letters', () => {
    const mails = [
      mail('a-10', 'a', { sort: 'update', state: 'failed' }),
      mail('a-2', 'a', {}),
      mail('a-10r2', 'a', { sent_at: 70 }),
      mail('a-10r1', 'a', { state: 'queued' }),
    ];
    const [an] = roster([guest('a', 'An')], { codes: [code('a')], mails });
    expect(an?.letters.map(({ state }) => state)).toEqual(['sent', 'failed', 'queued', 'sent']);
    expect(an).toMatchObject({ standing: 'mailed', at: 70 });
  });
});

test('guests stand by their given names, as lists here do', () => {
  const names = ['Trần Thị Ánh', 'Nguyễn Văn An', 'Đỗ Đức', 'Lê Dũng', 'Phạm Thị An'];
  expect(roster(names.map((name, index) => guest(`g${String(index)}`, name))).map(({ name }) => name)).toEqual([
    'Nguyễn Văn An',
    'Phạm Thị An',
    'Trần Thị Ánh',
    'Lê Dũng',
    'Đỗ Đức',
  ]);
});

test('guests are found with and without diacritics, by name and by address', () => {
  const all = roster([guest('a', 'Nguyễn Văn Đức'), guest('b', 'Trần Thị Bình')]);
  const found = (query: string) => search(all, query).map(({ id }) => id);
  expect(found('duc nguyen')).toEqual(['a']);
  expect(found('ĐỨC')).toEqual(['a']);
  expect(found('b@vidu')).toEqual(['b']);
  expect(found('  ')).toHaveLength(2);
  expect(found('hoa')).toEqual([]);
});

test('counts leave out who was cancelled', () => {
  const all = roster([guest('a', 'An'), guest('b', 'Bình'), guest('c', 'Chi'), guest('d', 'Dũng')], {
    codes: [
      code('a', { status: 'claimed', claimed_at: 1 }),
      code('b'),
      code('c'),
      code('d', { status: 'cancelled', cancelled_at: 1 }),
    ],
    mails: [mail('c-1', 'c', { state: 'failed' }), mail('d-1', 'd', { state: 'failed' })],
    arrivals: new Map([['cti-b', entered]]),
  });
  expect(countsOf(all)).toEqual({ invited: 3, claimed: 1, arrived: 1, failed: 1 });
  expect(failedOf(all).map(({ id }) => id)).toEqual(['c']);
});
