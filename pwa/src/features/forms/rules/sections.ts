import type { Answers, Form, Language } from './form.ts';
import { factsOf, sectionsOf } from './summary.ts';

export interface Sections {
  title: string;
  /** To whom it goes, which procedure, which version. */
  facts: (readonly [string, string])[];
  /**
   * Pages, groups and rows that have answers, in order. `page` is the page's name and `row` the path of the row; `name`
   * tells one section from another. An answer's `name` is its path.
   */
  pages: {
    name: string;
    page: string;
    row: string;
    label: string;
    answers: { name: string; label: string; value: string }[];
  }[];
}

/** Return what `summary` says, in parts that a page can lay out: the same words in the same order. */
export function sections(form: Form, answers: Answers, language: Language): Sections {
  return {
    title: form.title[language],
    facts: factsOf(form, language),
    pages: sectionsOf(form, answers, language).map(({ page, row, heading, lines }, index) => ({
      name: `${page}-${index + 1}`,
      page,
      row,
      label: heading,
      answers: lines.map(({ path, label, value }) => ({ name: path, label, value })),
    })),
  };
}
