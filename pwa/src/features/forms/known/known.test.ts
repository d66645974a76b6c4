import { describe, expect, test } from 'vitest';

import type { Form, Question } from '../rules/form.ts';
import { filledIn } from './filled.ts';
import { byCard, knownAnswers } from './known.ts';
import { ofAnswers, ofQuestions, total } from './measure.ts';
import { asking } from './questions.ts';
import { knownFrom } from './sources.ts';
import type { Knowledge } from './sources.ts';

const AT = { now: Date.UTC(2026, 10, 22), offset: 420 };
const text = (vi: string) => ({ vi, en: vi });
const question = (name: string, more: Partial<Question> = {}): Question => ({
  name,
  type: 'text',
  label: text(name),
  ...more,
});

function form(questions: readonly unknown[], more: Partial<Form['pages'][number]> = {}): Form {
  return {
    form: 'motcua-form/1',
    code: 'birth-registration',
    version: '1',
    unit: 'ben-thanh',
    title: text('Đăng ký khai sinh'),
    summary: text('Cho trẻ em mới sinh'),
    fee: { amount: '0' },
    days: { working: 1 },
    result: text('Giấy khai sinh'),
    bring: [],
    authority: text('UBND phường'),
    notes: [],
    choices: {
      sex: [
        { name: 'male', label: text('Nam') },
        { name: 'female', label: text('Nữ') },
      ],
    },
    pages: [{ name: 'page', label: text('Trang'), questions: questions as Question[], ...more }],
  };
}

const card = {
  owner: 'p',
  'card/number': '079190012345',
  'card/name': 'Nguyễn Thị Minh Khai',
  'card/born': '1990-03-27',
  'card/sex': 'female',
  'card/address': '12 Lê Lai, Bến Thành',
  'card/old_number': '',
};
const nothing: Knowledge = { account: 'Minh Khai', profile: undefined, identity: undefined, submissions: [] };
const scanned: Knowledge = { ...nothing, profile: card };
const returning: Knowledge = {
  ...scanned,
  submissions: [
    { procedure: 'birth-registration', day: '2026-11-02', answers: { phone: '0901234567', topics: ['a', 'b'] } },
    { procedure: 'birth-registration', day: '2025-01-02', answers: { phone: '0900000000', email: 'cu@example.vn' } },
    { procedure: 'complaint', day: '2026-05-05', answers: { email: 'khai@example.vn', plots: [{ plot: '7' }] } },
  ],
};

describe('a source', () => {
  test('of the card is what its scan said, with what an officer checked to fall back on', () => {
    expect(knownFrom('card/birth_date', scanned)).toEqual({ value: '1990-03-27', source: 'card/birth_date' });
    const checked = { ...nothing, identity: { number: '079190012345', born: '1990-03-27' } };
    expect(knownFrom('card/birth_date', checked)).toEqual({ value: '1990-03-27', source: 'identity/birth_date' });
    expect(knownFrom('card/address', checked)).toBeNull();
  });

  test('of the person is best what an officer checked, then the card, and for the name the account', () => {
    const both = { ...scanned, identity: { name: 'NGUYỄN THỊ MINH KHAI' } };
    expect(knownFrom('person/name', both)?.source).toBe('identity/name');
    expect(knownFrom('person/name', scanned)?.source).toBe('card/name');
    expect(knownFrom('person/name', nothing)).toEqual({ value: 'Minh Khai', source: 'account/name' });
    expect(knownFrom('person/number', nothing)).toBeNull();
  });

  test('is not an identity that was withdrawn', () => {
    const withdrawn = { ...nothing, identity: { number: '079190012345', withdrawn_at: 5 } };
    expect(knownFrom('person/number', withdrawn)).toBeNull();
  });

  test('among earlier forms is the latest of the procedure, with its day', () => {
    expect(knownFrom('last/birth-registration/phone', returning)).toEqual({
      value: '0901234567',
      source: 'last/birth-registration/phone/2026-11-02',
    });
  });

  test('is not an older form where the latest was left empty: it was left empty on purpose', () => {
    expect(knownFrom('last/birth-registration/email', returning)).toBeNull();
  });

  test('gives way to the next one when nothing is known, in the order of the author', () => {
    const fill = 'last/birth-registration/email last/complaint/email person/name';
    expect(knownFrom(fill, returning)?.source).toBe('last/complaint/email/2026-05-05');
  });

  test('is never an empty detail, the rows of a repeat, or a word that nobody knows', () => {
    for (const fill of ['card/old_number', 'last/complaint/plots', 'weather/today', 'card/toString', 'last']) {
      expect(knownFrom(fill, returning)).toBeNull();
    }
  });
});

describe('known answers', () => {
  const name = question('name', { fill: 'person/name', required: true });
  const sex = question('sex', { type: 'select_one', choices: 'sex', fill: 'card/sex' });

  test('are those that questions ask for, with where they came from', () => {
    const known = knownAnswers(form([name, sex, question('remark')]), scanned, AT);
    expect([...known]).toEqual([
      ['name', { value: 'Nguyễn Thị Minh Khai', source: 'card/name' }],
      ['sex', { value: 'female', source: 'card/sex' }],
    ]);
  });

  test('leave out what does not fit: another type, an unknown choice, a broken constraint', () => {
    const misfits = [
      question('number', { type: 'integer', fill: 'card/number' }),
      question('kind', { type: 'select_one', choices: 'sex', fill: 'card/name' }),
      question('child_born', { type: 'date', fill: 'card/birth_date', constraint: ". >= '2020-01-01'" }),
    ];
    expect([...knownAnswers(form([...misfits, sex]), scanned, AT).keys()]).toEqual(['sex']);
  });

  test('judge a question that does not apply yet as if it did', () => {
    const later = { relevant: "${remark} = 'yes'" };
    const born = question('born', { type: 'date', fill: 'card/birth_date', ...later });
    const asked = form([question('remark'), born, { ...born, name: 'old', constraint: ". < '1980-01-01'" }], later);
    expect([...knownAnswers(asked, scanned, AT).keys()]).toEqual(['born']);
  });

  test('drop what rests on an answer that did not fit', () => {
    const first = question('first', { fill: 'card/name', constraint: "starts-with(., 'X')" });
    const second = question('second', { fill: 'card/number', constraint: "${first} != ''" });
    expect(knownAnswers(form([first, second]), scanned, AT).size).toBe(0);
  });

  test('know which questions a scan of the card would fill', () => {
    expect(byCard(form([name, sex, question('mail', { fill: 'last/complaint/email card/address' })]))).toEqual([
      'sex',
      'mail',
    ]);
  });
});

describe('the measure', () => {
  const parts = [
    question('name', { fill: 'person/name' }),
    question('say', { type: 'note' }),
    question('phone', { relevant: "${name} = 'nobody'" }),
    question('remark'),
  ];

  test('before a form counts questions that apply and take an answer', () => {
    const asked = form(parts);
    expect(ofQuestions(asked, new Set(['name', 'say', 'remark']), new Set(['name', 'phone']))).toEqual({
      all: 2,
      filled: 1,
    });
  });

  test('of answers counts paths, in repeats too, and no filled path that has no answer', () => {
    const rows = { type: 'repeat', name: 'children', questions: [question('child'), question('age')] };
    const asked = form([...parts, rows]);
    const answers = { name: 'An', remark: '', children: [{ child: 'Bi', age: '1' }, { child: 'Na' }], unknown: 'x' };
    const filled = new Set(['name', 'remark', 'children[2]/child', 'children[3]/child', 'nowhere']);
    expect(ofAnswers(asked, answers, filled)).toEqual({ all: 4, filled: 2 });
  });

  test('leaves out what the form computes by itself, and what nobody may change', () => {
    const computed = [
      { ...question('sum'), type: 'calculate', calculation: '1 + 1' },
      { ...question('area'), type: 'decimal', calculation: '${a} * 2' },
      { ...question('fixed'), read_only: true },
      { ...question('begun'), calculation: 'once(today())' },
    ];
    const names = asking(form([...parts, ...computed])).map((each) => each.name);
    expect(names).toEqual(['name', 'phone', 'remark', 'begun']);
  });

  test('adds up', () => {
    const measures = [
      { all: 4, filled: 2 },
      { all: 10, filled: 7 },
    ];
    expect(total(measures)).toEqual({ all: 14, filled: 9 });
  });
});

test('an answer that somebody changed is no longer filled', () => {
  const values = { 'answer/name': 'An', 'from/name': 'card/name', 'from/phone': null };
  expect(filledIn(values)).toEqual({ name: 'card/name' });
});
