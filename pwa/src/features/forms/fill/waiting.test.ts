import { expect, test } from 'vitest';

import type { RecordView } from '../../../data/records.ts';
import { procedureOf, waitingOf } from './waiting.ts';

test('a draft names its procedure, a submission names it in what was signed', () => {
  expect(procedureOf({ procedure: 'birth-registration' })).toBe('birth-registration');
  expect(procedureOf({ act: { document: '{"procedure":"city-feedback"}' } })).toBe('city-feedback');
  expect(procedureOf({})).toBeUndefined();
});

test('a draft that was signed does not wait besides its submission', () => {
  const view = (values: RecordView['values'], unsent: boolean): RecordView => {
    return { kind: 'draft', id: '1', state: new Map(), values, conflicts: {}, unsent, needs: [] };
  };
  const open = view({ procedure: 'x' }, true);
  expect(waitingOf([open, view({ procedure: 'x' }, false), view({ submission: 's' }, true)])).toEqual([open]);
});
