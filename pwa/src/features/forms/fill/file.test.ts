import { readFileSync } from 'node:fs';

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { Form } from '../rules/form.ts';
import { nested } from '../rules/registers.ts';
import { filesOf, read, take, TYP } from './file.ts';
import type { DraftFile, Taken } from './file.ts';

const text = (value: string) => ({ vi: value, en: value });
const ask = (name: string, type: string, more: object = {}) => ({ name, type, label: text(name), ...more });
const form = {
  form: 'motcua-form/2',
  code: 'sample',
  version: '1',
  title: text('Mẫu'),
  choices: { yn: [{ name: 'yes', label: text('Có') }] },
  pages: [
    {
      name: 'main',
      label: text('Trang'),
      questions: [
        ask('name', 'text'),
        ask('age', 'integer'),
        ask('agree', 'select_one', { choices: 'yn' }),
        ask('photo', 'image'),
        ask('hello', 'note'),
        ask('sum', 'calculate', { calculation: '1 + 1' }),
        { type: 'repeat', name: 'child', label: text('Con'), questions: [ask('first', 'text'), ask('scan', 'file')] },
      ],
    },
  ],
} as unknown as Form;

const FILE = { name: 'a.jpg', type: 'image/jpeg', len: 3, sha256: 'a'.repeat(64) };
const parts = { now: 1_700_000_000_000, random: () => new Uint8Array(10).fill(5) };
const whole = (answers: object, files: object = {}) => ({
  ...{ typ: TYP, procedure: 'sample', version: '1', form_sha256: 'f'.repeat(64), language: 'vi', saved_at: 1 },
  ...{ answers, files },
});
const taken = (answers: object, files: object = {}): Taken => {
  const file = read(JSON.stringify(whole(answers, files))) as DraftFile;
  return take(form, file, parts) as Taken;
};

describe('a draft as a file', () => {
  test('comes back as it was: answers, rows in their order, attachments', () => {
    const answers = { name: 'An', age: 30, agree: 'yes', child: [{ first: 'Bình' }, {}, { first: 'Chi' }] };
    const { values, misfits } = taken(answers);
    expect(misfits).toEqual([]);
    expect(nested(form, values).answers).toEqual(answers);
    const withFiles = taken({ photo: FILE, child: [{ scan: FILE }] }, { [FILE.sha256]: 'AAAA' });
    expect(withFiles.files.map(({ path, base64 }) => [path, base64])).toEqual([
      ['photo', 'AAAA'],
      ['child[1]/scan', 'AAAA'],
    ]);
    expect(withFiles.files[1]!.key).toMatch(/^answer\/child\/[0-9a-f]{20}\/scan$/);
    expect(filesOf({ photo: FILE, child: [{ scan: FILE }] })).toEqual([FILE]);
  });

  test('leaves out, and names, what the form does not ask or what is no answer to it', () => {
    const { values, misfits } = taken({
      name: 'An',
      age: 'ba mươi',
      agree: 'maybe',
      photo: FILE,
      gone: 'x',
      hello: 'x',
      sum: '9',
      child: [{ first: 1, toys: [] }, 'x'],
    });
    expect(Object.entries(values).filter(([key]) => key.startsWith('answer/'))).toEqual([['answer/name', 'An']]);
    expect(misfits).toEqual([
      { path: 'age', why: 'answer' },
      { path: 'agree', why: 'answer' },
      { path: 'photo', why: 'file' },
      { path: 'gone', why: 'unknown' },
      { path: 'hello', why: 'unknown' },
      { path: 'child[1]/first', why: 'answer' },
      { path: 'child[1]/toys', why: 'unknown' },
      { path: 'child[2]', why: 'rows' },
    ]);
  });

  test('with more rows than a repeat may have has none of them', () => {
    expect(taken({ child: Array.from({ length: 101 }, () => ({})) }).misfits).toEqual([{ path: 'child', why: 'rows' }]);
    expect(taken({ child: { length: 3 } }).misfits).toEqual([{ path: 'child', why: 'rows' }]);
  });

  test.each([
    ['no JSON', '{', 'json'],
    ['nothing', '', 'json'],
    ['something else', '[1]', 'other'],
    ['another app', '{"typ":"x/1"}', 'other'],
    ['a newer version', '{"typ":"motcua-draft/2"}', 'newer'],
    ['no answers', '{"typ":"motcua-draft/1","procedure":"a"}', 'shape'],
    ['a bad hash', JSON.stringify({ ...whole({}), form_sha256: '../x' }), 'shape'],
    ['a bad code', JSON.stringify({ ...whole({}), procedure: '<b>' }), 'shape'],
    ['a file that is no base64', JSON.stringify(whole({}, { ['a'.repeat(64)]: '<script>' })), 'shape'],
    ['a file of another name', JSON.stringify(whole({}, { x: 'AAAA' })), 'shape'],
    ['answers as a list', JSON.stringify({ ...whole({}), answers: [] }), 'shape'],
    ['deep nesting', `{"typ":"motcua-draft/1","answers":${'['.repeat(5000)}`, 'json'],
  ])('is refused: %s', (_, file, why) => {
    expect(read(file)).toBe(why);
  });

  test('that would write to what every object has by birth writes nothing', () => {
    const file = read(`{"typ":"${TYP}","procedure":"sample","version":"1","form_sha256":"${'f'.repeat(64)}",
      "language":"vi","files":{},"answers":{"__proto__":{"name":"x"},"constructor":"x","toString":[]}}`);
    const { values, misfits } = take(form, file as DraftFile, parts) as Taken;
    expect(values).toEqual({});
    expect(misfits.map(({ why }) => why)).toEqual(['unknown', 'unknown', 'unknown']);
    expect(({} as Record<string, unknown>).name).toBeUndefined();
  });

  test('with control characters or a disguised direction in an answer is not believed', () => {
    expect(taken({ name: 'An\u202e' }).misfits).toEqual([{ path: 'name', why: 'answer' }]);
  });

  test('whatever it holds is taken or refused, and never throws', () => {
    fc.assert(
      fc.property(fc.object({ key: fc.constantFrom('name', 'age', 'child', 'photo', 'first', 'x') }), (answers) => {
        const found = take(form, { answers, files: {} }, parts);
        expect(typeof found === 'string' || Array.isArray(found.misfits)).toBe(true);
      }),
    );
  });
});

test('the words for every reason are there in both languages', () => {
  const refusals = ['large', 'json', 'other', 'newer', 'shape', 'many', 'procedure'];
  const reasons = refusals.map((why) => `import.refused.${why}`);
  const whys = ['unknown', 'answer', 'rows', 'file'].map((why) => `import.why.${why}`);
  for (const language of ['vi', 'en']) {
    const texts = JSON.parse(
      readFileSync(new URL(`../../../text/filling.${language}.json`, import.meta.url), 'utf8'),
    ) as Record<string, string>;
    expect([...reasons, ...whys].filter((key) => texts[key] === undefined)).toEqual([]);
  }
});
