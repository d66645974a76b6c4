import { describe, expect, test } from 'vitest';

import type { RecordView } from '../../data/records.ts';
import { enrolledOf, safeNext, stepOf } from './model.ts';

function view(id: string, values: RecordView['values']): RecordView {
  return { kind: 'device', id, state: new Map(), values, conflicts: {}, unsent: false, needs: [] };
}

describe('stepOf', () => {
  test('begins with the account, then binds this phone', () => {
    expect(stepOf(null)).toBe('account');
    expect(stepOf({ device: null })).toBe('device');
    expect(stepOf({ device: 'd1' })).toBe('done');
  });
});

describe('enrolledOf', () => {
  test('lists own devices, the valid ones first, the newest first', () => {
    const views = [
      view('old', { person: 'p', label: 'Android', enrolled_at: 1 }),
      view('gone', { person: 'p', label: 'Lost', enrolled_at: 9, revoked_at: 10 }),
      view('new', { person: 'p', label: 'iPhone', enrolled_at: 2 }),
      view('other', { person: 'q', label: 'Someone else', enrolled_at: 3 }),
    ];
    expect(enrolledOf(views, 'p', 'enrolled_at').map(({ id }) => id)).toEqual(['new', 'old', 'gone']);
  });
});

describe('safeNext', () => {
  test('never leaves the app', () => {
    expect(safeNext('/procedures/birth-registration')).toBe('/procedures/birth-registration');
    for (const hostile of ['//evil.example', '/\\evil.example', 'https://evil.example', null]) {
      expect(safeNext(hostile)).toBe('/');
    }
  });
});
