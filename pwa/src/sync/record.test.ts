import * as fc from 'fast-check';
import { expect, it } from 'vitest';

import type { Change } from './change.ts';
import { RECORD_BYTES, REGISTERS, REPLICAS } from './limits.ts';
import * as record from './record.ts';
import type { State } from './record.ts';
import { NAME, states } from './testing/arbitraries.ts';
import { refusal } from './testing/vectors.ts';

it('R11 a state comes back from its JSON', () => {
  fc.assert(
    fc.property(states, (state) => {
      const text = new TextDecoder().decode(record.encode(state));
      expect(record.fromJson(JSON.parse(text))).toEqual(state);
    }),
  );
});

it('R12 a record holds 5000 keys and no more', async () => {
  const state: State = new Map(Array.from({ length: REGISTERS }, (_, index) => [`k/${index}`, registerOf('x')]));
  expect(await refusal(() => record.admit(state, change('k/more', {})))).toBe('record_registers');
  expect(record.admit(state, change('k/0', {})).size).toBe(REGISTERS);
});

it('R12 a record grows to 1 MiB and no further', async () => {
  const long = registerOf('x'.repeat(65_000));
  const state: State = new Map(Array.from({ length: 16 }, (_, index) => [`k/${index}`, long]));
  const room = RECORD_BYTES - record.encode(record.admit(state, change('k/last', {}))).length;
  expect(record.encode(record.admit(state, change('k/last', { value: 'x'.repeat(room) }))).length).toBe(RECORD_BYTES);
  const tooLong = change('k/last', { value: 'x'.repeat(room + 1) });
  expect(await refusal(() => record.admit(state, tooLong))).toBe('record_size');
});

it('R12 a register never has more heads than replicas may write it', async () => {
  let state = record.EMPTY;
  for (let index = 0; index < REPLICAS; index += 1) state = record.admit(state, change('k', { replica: `r${index}` }));
  expect(state.get('k')?.heads.length).toBe(REPLICAS);
  expect(await refusal(() => record.admit(state, change('k', { replica: 'one-more' })))).toBe('context_size');
});

function registerOf(value: string) {
  return { heads: [{ n: 1, replica: 'a', value, at: 1 }], context: new Map([['a', 1]]) };
}

function change(key: string, fields: Partial<Change>): Change {
  return { ...NAME, key, n: 2, replica: 'a', value: '', at: 1, context: new Map(), ...fields };
}
