import { describe, expect, it } from 'vitest';

import type { RecordView } from '../../../data/records.ts';
import type { Value } from '../../../sync/canonical.ts';
import { cellOf, proceduresOf } from './model.ts';

const nowhere = { sheet: 'survey', header: '', code: 'x', vi: '', en: '' };

function published(id: string, code: string, values: Record<string, Value>): RecordView {
  const form: Value = { form: 'motcua-form/2', code, version: id };
  const shown = { form, unit: 'ben-thanh', published_at: 1, ...values };
  return { kind: 'form', id, state: new Map(), values: shown, conflicts: {}, unsent: false, needs: [] };
}

describe('the forms of a unit', () => {
  it('stand by code, the newest version first', () => {
    const views = [
      published('b1', 'b', { superseded_at: 2 }),
      published('a1', 'a', {}),
      published('b2', 'b', { published_at: 2, workbook: 'f0' }),
      published('c1', 'c', { unit: '1022' }),
    ];
    const found = proceduresOf(views, 'ben-thanh');
    expect(found.map(({ code }) => code)).toEqual(['a', 'b']);
    expect(found[1]?.versions.map(({ sha256, current, workbook }) => [sha256, current, workbook])).toEqual([
      ['b2', true, 'f0'],
      ['b1', false, null],
    ]);
  });

  it('leave out what this app cannot read', () => {
    const later = published('d1', 'd', { form: { form: 'motcua-form/99', code: 'd' } });
    expect(proceduresOf([later], 'ben-thanh')).toEqual([]);
  });
});

describe('the cell of a problem', () => {
  it('is written as the spreadsheet shows it', () => {
    expect(cellOf({ ...nowhere, row: 5, column: 'C' })).toBe('C5');
    expect(cellOf({ ...nowhere, row: 0, column: 'C' })).toBe('C');
    expect(cellOf({ ...nowhere, row: 5, column: '' })).toBe('5');
    expect(cellOf({ ...nowhere, row: 0, column: '' })).toBe('');
  });
});
