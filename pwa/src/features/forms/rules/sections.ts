import type { Answers, Form, Language } from './form.ts';
import { empty } from './rules.ts';
import { isQuestion } from './structure.ts';
import { shown, summary } from './summary.ts';

export interface Sections {
  title: string;
  /** To whom it goes, which procedure, which version. */
  facts: (readonly [string, string])[];
  pages: { name: string; label: string; answers: { name: string; label: string; value: string }[] }[];
}

/** Return what `summary` says, in parts that a page can lay out: the same words in the same order. */
export function sections(form: Form, answers: Answers, language: Language): Sections {
  const [head = ''] = summary(form, {}, language).split('\n\n');
  const [title = '', ...facts] = head.trimEnd().split('\n');
  const pages = form.pages.map((page) => ({
    name: page.name,
    label: page.label[language],
    answers: page.questions
      .filter(isQuestion)
      .filter(({ name }) => Object.hasOwn(answers, name) && !empty(answers[name]))
      .map((question) => ({
        name: question.name,
        label: question.label?.[language] ?? question.name,
        value: shown(form, question, answers[question.name], language),
      })),
  }));
  return {
    title,
    facts: facts.map((line) => [line.slice(0, line.indexOf(': ')), line.slice(line.indexOf(': ') + 2)] as const),
    pages: pages.filter((page) => page.answers.length > 0),
  };
}
