/** The twins of the server's rules, proved equal by the vectors that its tests run too. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { Answers, Form, Language } from './form.ts';
import { check, cityMoment, cleaned, evaluate, type Moment } from './rules.ts';
import { summary } from './summary.ts';

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

const rules = vector('rules') as { today: string; form: Form; cases: RulesCase[] };
type SummaryCase = { what: string; form: string; answers: Answers } & Record<Language, string>;
const summaries = (vector('summary') as { cases: SummaryCase[] }).cases;
const chance = vector('forms') as { today: string; forms: RulesCase[] };
const first = ['birth-registration', 'city-feedback', 'residence-confirmation'].map(
  (code) => file(`tests/vectors/forms/first/${code}.json`) as Form,
);
const forms = new Map([rules.form, ...first].map((form) => [form.code, form]));

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
        const findings = check(rules.form, kept, noon(rules.today));
        const found = Object.fromEntries(findings.map(({ name, code }) => [name, code]));
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
