/** The plain text of the review page, whose hash is signed. `summary.py` gives the same bytes. */
import type { Tree } from '../expressions/scope.ts';
import type { Row } from '../expressions/values.ts';
import { empty, isPlain, memberOf, textOf } from './answers.ts';
import type { Answers, Form, Item, Language, Page, Text } from './form.ts';
import { isGroup, isRepeat, structureOf } from './structure.ts';
import { replaced, shown } from './wording.ts';

export { shown } from './wording.ts';

const HEADING = {
  vi: ['Kính gửi', 'Mã thủ tục', 'Phiên bản'],
  en: ['To', 'Procedure code', 'Version'],
} as const;
const WITHIN = ' › ';

/** An answer as a person reads it; `path` says whose. */
export interface Line {
  readonly path: string;
  readonly label: string;
  readonly value: string;
}

/** A page, a group or a row, headed by the labels of what it stands in. `row` is the path of its row, `''` in none. */
export interface Section {
  readonly page: string;
  readonly row: string;
  readonly heading: string;
  readonly lines: readonly Line[];
}

/**
 * Heading and answers, section by section, a line `label: value` each; several lines are indented below a label.
 * `answers` are `cleaned` ones, so every one of them applies. Lines end in \n, the last one too.
 */
export function summary(form: Form, answers: Answers, language: Language): string {
  const lines = [form.title[language], ...factsOf(form, language).map((fact) => fact.join(': '))];
  for (const section of sectionsOf(form, answers, language)) {
    lines.push('', section.heading);
    for (const { label, value } of section.lines) {
      const body = value.includes('\n') ? `\n${value}`.replaceAll('\n', '\n  ') : ` ${value}`;
      lines.push(`${label}:${body}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

/** To whom it goes, which procedure, which version. */
export function factsOf(form: Form, language: Language): (readonly [string, string])[] {
  const [to, code, version] = HEADING[language];
  return [
    [to, form.authority[language]],
    [code, form.code],
    [version, form.version],
  ];
}

/** What the summary says, in parts that a page can lay out: the same words in the same order. */
export function sectionsOf(form: Form, answers: Answers, language: Language): Section[] {
  const walk = new Walk(form, treeOf(form, interpolates(form) ? answers : {}), language);
  for (const page of form.pages) walk.page(page, answers);
  return walk.sections.map(({ at, lines }) => ({
    page: at.page,
    row: at.prefix.slice(0, -1),
    heading: at.labels.join(WITHIN),
    lines,
  }));
}

/** Answers that all apply as a document for expressions. */
export function treeOf(form: Form, answers: Answers): Tree {
  const { questions, repeats } = structureOf(form);
  const texts = new Map<string, string>();
  const counts = new Map<string, number>();
  const read = (given: Answers, prefix: string): void => {
    for (const [name, answer] of Object.entries(given)) {
      const path = prefix + name;
      if (questions.has(name)) texts.set(path, textOf(answer));
      else if (Array.isArray(answer)) {
        counts.set(path, answer.length);
        for (const [index, row] of answer.entries()) if (isPlain(row)) read(row, `${path}[${index + 1}]/`);
      }
    }
  };
  read(answers, '');
  return { repeats, texts, counts };
}

function interpolates(form: Form): boolean {
  if (form.form === 'motcua-form/1') return false;
  const parts = [...structureOf(form).parts.values()];
  return parts.some(({ label }) => label !== undefined && (label.vi.includes('${') || label.en.includes('${')));
}

interface Heading {
  readonly page: string;
  readonly labels: readonly string[];
  readonly row: Row;
  readonly prefix: string;
}

/** What tells one section from the next. */
const placeOf = ({ page, prefix, labels }: Heading): string => [page, prefix, labels.join(WITHIN)].join('\n');

class Walk {
  readonly sections: { at: Heading; lines: Line[] }[] = [];
  readonly #form: Form;
  readonly #tree: Tree;
  readonly #language: Language;

  constructor(form: Form, tree: Tree, language: Language) {
    this.#form = form;
    this.#tree = tree;
    this.#language = language;
  }

  page(page: Page, answers: Answers): void {
    const at = { page: page.name, labels: [this.#text(page.label, [])], row: [], prefix: '' };
    this.#items(page.questions, answers, at);
  }

  #text(text: Text, row: Row): string {
    return replaced(text[this.#language], this.#form, this.#tree, row, this.#language);
  }

  #items(items: readonly Item[], answers: Answers, at: Heading): void {
    for (const item of items) {
      const answer = memberOf(answers, item.name);
      if (isGroup(item)) {
        const label = item.label === undefined ? [] : [this.#text(item.label, at.row)];
        this.#items(item.questions, answers, { ...at, labels: [...at.labels, ...label] });
      } else if (isRepeat(item)) {
        for (const [index, row] of (Array.isArray(answer) ? answer : []).entries()) {
          const place: Row = [...at.row, [item.name, index + 1]];
          // A page or group of the same label is not named twice.
          const above = at.labels.at(-1) === item.label[this.#language] ? at.labels.slice(0, -1) : at.labels;
          const labels = [...above, `${this.#text(item.label, place)} ${index + 1}`];
          const inner = { page: at.page, labels, row: place, prefix: `${at.prefix}${item.name}[${index + 1}]/` };
          this.sections.push({ at: inner, lines: [] });
          this.#items(item.questions, isPlain(row) ? row : {}, inner);
        }
      } else if (item.label !== undefined && item.type !== 'note' && !empty(answer)) {
        const value = shown(this.#form, item, answer, this.#language);
        this.#linesOf(at).push({ path: at.prefix + item.name, label: this.#text(item.label, at.row), value });
      }
    }
  }

  #linesOf(at: Heading): Line[] {
    const last = this.sections.at(-1);
    if (last !== undefined && placeOf(last.at) === placeOf(at)) return last.lines;
    const lines: Line[] = [];
    this.sections.push({ at, lines });
    return lines;
  }
}
