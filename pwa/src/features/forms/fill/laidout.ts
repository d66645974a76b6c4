/** The sections of a summary as a page lays them out: page by page, with what stands within a page below it. */
import type { Form, Language } from '../rules/form.ts';
import type { Sections } from '../rules/sections.ts';

const WITHIN = ' › ';

type Section = Sections['pages'][number];

export interface LaidOut {
  /** The page's name. */
  readonly page: string;
  readonly title: string;
  readonly parts: readonly Part[];
}

/** A group or a row within a page, or the page's own answers, which have no title. */
export interface Part extends Pick<Section, 'name' | 'row' | 'answers'> {
  readonly title: string | null;
}

/** Put the sections of each page below its title; no word is lost, and the order stays. */
export function laidOut(form: Form, sections: readonly Section[], language: Language): LaidOut[] {
  const pages: { page: string; title: string; parts: Part[] }[] = [];
  for (const { name, page, row, label, answers } of sections) {
    let last = pages.at(-1);
    if (last?.page !== page) {
      last = { page, title: titleOf(form, page, label, language), parts: [] };
      pages.push(last);
    }
    last.parts.push({ name, row, answers, title: below(last.title, label) });
  }
  return pages;
}

/** A page's label that names an answer was filled in by the summary: it is the first of the words above the section. */
function titleOf(form: Form, page: string, label: string, language: Language): string {
  const own = form.pages.find(({ name }) => name === page)?.label[language] ?? page;
  return own.includes('${') ? (label.split(WITHIN)[0] ?? own) : own;
}

function below(title: string, label: string): string | null {
  if (label === title) return null;
  return label.startsWith(title + WITHIN) ? label.slice(title.length + WITHIN.length) : label;
}
