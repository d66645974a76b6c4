/** The twins of the server's rules, proved equal by the vectors that its tests run too. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { evaluate as valueOf, ExpressionError, holds, parse } from '../expressions/expression.ts';
import type { Answers, Form, Language } from './form.ts';
import { days, number, type Scope, string, type Value } from '../expressions/functions.ts';
import { check, cityMoment, cleaned, evaluate, type Moment } from './rules.ts';
import { summary } from './summary.ts';

interface ExpressionCase {
  expression: string;
  answers?: Record<string, string>;
  this?: string;
  value: Value | { number: string };
}
interface RulesCase {
  what: string;
  form: string;
  answers: Answers;
  cleaned: unknown;
  summary_sha256: Record<Language, string>;
}

const file = (path: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../../../${path}`, import.meta.url), 'utf8'));
const vector = (name: string): unknown => file(`tests/vectors/forms/${name}.json`);

const expressions = vector('expression') as {
  today: string;
  cases: ExpressionCase[];
  errors: { expression: string; error_at: number }[];
};
const rules = vector('rules') as { today: string; form: Form; cases: RulesCase[] };
type SummaryCase = { what: string; form: string; answers: Answers } & Record<Language, string>;
const summaries = (vector('summary') as { cases: SummaryCase[] }).cases;
const chance = vector('random') as { today: string; expressions: ExpressionCase[]; forms: RulesCase[] };
const first = ['birth-registration', 'city-feedback', 'residence-confirmation'].map(
  (code) => file(`tests/vectors/forms/first/${code}.json`) as Form,
);
const forms = new Map([rules.form, ...first].map((form) => [form.code, form]));

const scopeOf = (item: Partial<ExpressionCase>): Scope => ({
  answers: new Map(Object.entries(item.answers ?? {})),
  today: expressions.today,
  this: item.this ?? '',
});
const expected = (value: ExpressionCase['value']): Value => (typeof value === 'object' ? Number(value.number) : value);
const nothing = scopeOf({});

const noon = (today: string): Moment => cityMoment(Date.parse(`${today}T12:00+07:00`));

function meaning(form: Form, answers: Answers, today: string) {
  const at = noon(today);
  const { pages, relevant, required, problems } = evaluate(form, answers, at);
  return {
    pages,
    relevant: [...relevant],
    required: [...required],
    problems: Object.fromEntries(problems),
    findings: check(form, answers, at).map(({ name, code }) => [name, code]),
  };
}

describe('expressions', () => {
  test.each(expressions.cases)('$expression has the value of the shared vector', (item) => {
    expect(valueOf(parse(item.expression), scopeOf(item))).toEqual(expected(item.value));
  });

  test('those by chance have the values of the shared vector', () => {
    for (const item of chance.expressions)
      expect([item, valueOf(parse(item.expression), scopeOf(item))]).toEqual([item, expected(item.value)]);
  });

  test.each(expressions.errors)('$expression is refused at the place of the shared vector', (item) => {
    expect(() => parse(item.expression)).toThrow(ExpressionError);
    expect(() => parse(item.expression)).toThrow(expect.objectContaining({ at: item.error_at }));
  });

  test('any text is parsed or refused and never anything else', () => {
    const characters = fc.constantFrom(...Array.from("${}ab().,'\"=<>!+- 019ortd"));
    fc.assert(
      fc.property(fc.oneof(fc.string({ maxLength: 60 }), fc.string({ unit: characters, maxLength: 60 })), (text) => {
        try {
          valueOf(parse(text), nothing);
        } catch (error) {
          expect(error).toBeInstanceOf(ExpressionError);
        }
      }),
    );
  });

  test('a number written as text is the same number', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(string(value)).not.toContain('e');
        expect(number(string(value)) === value).toBe(true);
      }),
    );
  });

  test('dates keep their order', () => {
    const range = { min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true };
    fc.assert(
      fc.property(fc.date(range), (date) => {
        const text = date.toISOString().slice(0, 10);
        expect(days(text)).toBe(Math.floor(date.getTime() / 864e5));
        expect(holds(`'${text}' <= today()`, nothing)).toBe(text <= expressions.today);
      }),
    );
  });
});

describe('rules', () => {
  test.each(rules.cases)('$what: means what the shared vector says', (item) => {
    expect(item).toMatchObject(meaning(rules.form, item.answers, rules.today));
    expect(cleaned(rules.form, item.answers, noon(rules.today))).toEqual(item.cleaned);
  });

  test('answers by chance mean what the shared vector says, and their summaries have its bytes', () => {
    for (const item of chance.forms) {
      const form = forms.get(item.form)!;
      const kept = cleaned(form, item.answers, noon(chance.today));
      const hash = (language: Language) => createHash('sha256').update(summary(form, kept, language)).digest('hex');
      expect({
        form: item.form,
        answers: item.answers,
        ...meaning(form, item.answers, chance.today),
        cleaned: Object.keys(kept),
        summary_sha256: { vi: hash('vi'), en: hash('en') },
      }).toEqual(item);
    }
  });

  test('whatever is answered is judged, and cleaned answers stay as they are', () => {
    const asked = rules.form.pages.flatMap(({ questions }) => questions.map(({ name }) => name));
    const names = [...asked, '__proto__', 'toString'];
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), fc.jsonValue({ maxDepth: 2 })), (answers) => {
        const kept = cleaned(rules.form, answers, noon(rules.today));
        expect(cleaned(rules.form, kept, noon(rules.today))).toEqual(kept);
        const found = Object.fromEntries(check(rules.form, kept, noon(rules.today)).map(({ name, code }) => [name, code]));
        expect(found).toEqual(meaning(rules.form, answers, rules.today).problems);
        expect(summary(rules.form, kept, 'vi')).toMatch(/\n$/);
      }),
    );
  });
});

describe('summaries', () => {
  test.each(summaries)('$what: is the text of the shared vector', (item) => {
    const form = forms.get(item.form)!;
    expect(summary(form, item.answers, 'vi')).toBe(item.vi);
    expect(summary(form, item.answers, 'en')).toBe(item.en);
  });
});
