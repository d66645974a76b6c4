import { describe, expect, test } from 'vitest';

import type { RecordView } from '../../data/records.ts';
import type { Value } from '../../sync/canonical.ts';
import { acknowledgementDocument, dossiers } from './model.ts';

function view(kind: string, id: string, values: Record<string, Value>): RecordView {
  return { kind, id, values, state: new Map(), conflicts: {}, unsent: false, needs: [] };
}

function submission(id: string, at: number): RecordView {
  const document = JSON.stringify({ procedure: 'birth-registration', unit: 'ben-thanh', claimed_at: at });
  return view('submission', id, { act: { document, assertion: {}, draft: 'd' } });
}

const receipt = view('receipt', 's1', { jws: 'a.b.c', code: 'BEN-THANH-261122-0001', received_at: 20 });
const word = view('acknowledgement', 'a1', {
  act: { document: JSON.stringify({ submission: 's1', message: 'Đã nhận', claimed_at: 30 }), assertion: {} },
});

describe('dossiers', () => {
  test('a submission without a receipt waits', () => {
    const [dossier] = dossiers({ submissions: [submission('s1', 10)], receipts: [], acknowledgements: [] });
    expect(dossier).toMatchObject({ id: 's1', status: 'waiting', procedure: 'birth-registration', at: 10 });
  });

  test('a receipt makes it received, and its time counts', () => {
    const [dossier] = dossiers({ submissions: [submission('s1', 10)], receipts: [receipt], acknowledgements: [] });
    expect(dossier).toMatchObject({ status: 'received', at: 20 });
    expect(dossier?.receipt?.code).toBe('BEN-THANH-261122-0001');
  });

  test('an acknowledgement is put to the submission that it names', () => {
    const both = [submission('s2', 25), submission('s1', 10)];
    const [first, second] = dossiers({ submissions: both, receipts: [receipt], acknowledgements: [word] });
    expect(first).toMatchObject({ id: 's1', status: 'acknowledged', at: 30 });
    expect(second).toMatchObject({ id: 's2', status: 'waiting' });
  });

  test('a record that holds no act is left out', () => {
    expect(dossiers({ submissions: [view('submission', 's3', {})], receipts: [], acknowledgements: [] })).toEqual([]);
  });
});

test('an acknowledgement names the dossier by id and hash, and the officer by name', () => {
  const [dossier] = dossiers({ submissions: [submission('s1', 10)], receipts: [receipt], acknowledgements: [] });
  const document = acknowledgementDocument({
    dossier: dossier!,
    documentSha256: 'f'.repeat(64),
    officer: { id: 'p', name: 'Trần Thị Bình' },
    message: 'Đã nhận',
    id: 'a1',
    rp: 'localhost',
    nonce: 'n'.repeat(22),
    now: 40,
  });
  expect(document).toEqual({
    typ: 'acknowledgement/1',
    rp: 'localhost',
    id: 'a1',
    person: 'p',
    name: 'Trần Thị Bình',
    submission: 's1',
    document_sha256: 'f'.repeat(64),
    unit: 'ben-thanh',
    message: 'Đã nhận',
    nonce: 'n'.repeat(22),
    claimed_at: 40,
  });
});
