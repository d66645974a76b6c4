/** All that the rules say of answers to a form: what tests hold to the vectors and to the server. */
import { type Moment, rowOf } from '../rules/asking.ts';
import { defaults, rowDefaults } from '../rules/defaults.ts';
import type { Answers, Form, Question } from '../rules/form.ts';
import { check, choicesOf, cleaned, cleanedOf, evaluate, filesOf, nameOf } from '../rules/rules.ts';
import { structureOf } from '../rules/structure.ts';
import { summary } from '../rules/summary.ts';
import { interpolated } from '../rules/wording.ts';

export interface Case {
  form: Form;
  at: Moment;
  seed: string;
  answers: Answers;
}

/** Return all that the rules say of answers, in a shape that `judged` in `invented.py` gives too. */
export function judged({ form, at, seed, answers }: Case): Record<string, unknown> {
  const found = evaluate(form, answers, at, seed);
  const kept = cleanedOf(form, answers, found);
  const structure = structureOf(form);
  const asked = [...found.relevant].flatMap((path): [string, Question][] => {
    const question = structure.questions.get(nameOf(path));
    return question === undefined ? [] : [[path, question]];
  });
  const filtered = asked.filter(([, question]) => question.choice_filter !== undefined);
  const told = asked.filter(([, question]) => question.label !== undefined);
  const rows = [...found.rows].flatMap(([path, count]) => (count > 0 ? [`${path}[${count}]/`] : []));
  return {
    order: structure.order,
    pages: found.pages,
    relevant: [...found.relevant].sort(),
    required: [...found.required].sort(),
    problems: Object.fromEntries(found.problems),
    computed: Object.fromEntries(found.computed),
    rows: Object.fromEntries(found.rows),
    findings: check(form, answers, at, seed).map(({ name, code }) => [name, code]),
    again: check(form, kept, at, seed).map(({ name, code }) => [name, code]),
    cleaned: kept,
    cleaned_again: cleaned(form, kept, at, seed),
    files: filesOf(form, kept),
    options: Object.fromEntries(filtered.map(([path]) => [path, choicesOf(form, found, path).map(({ name }) => name)])),
    labels: Object.fromEntries(told.map(([path, { label }]) => [path, interpolated(label!, form, found, path, 'en')])),
    defaults: defaults(form, at, seed),
    begun: Object.fromEntries(rows.map((row) => [row, rowDefaults(form, answers, rowOf(row), at, seed)])),
    vi: summary(form, kept, 'vi'),
    en: summary(form, kept, 'en'),
  };
}
