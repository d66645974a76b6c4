/** Answers and texts as a person reads them. `wording.py` is its twin. */
import { days } from '../expressions/dates.ts';
import { evaluate as valueOf, parse } from '../expressions/expression.ts';
import { scopeOf, type Tree } from '../expressions/scope.ts';
import { type Row, string } from '../expressions/values.ts';
import { isFile, textOf } from './answers.ts';
import { rowOf } from './asking.ts';
import type { Evaluation } from './evaluation.ts';
import type { Form, Language, Question, QuestionType, Text } from './form.ts';
import { structureOf } from './structure.ts';

const MONTHS = 'January February March April May June July August September October November December'.split(' ');
const AGREED = { vi: 'Đã xác nhận', en: 'Confirmed' } as const;
const WORD = /[^ \t\r\n]+/g;
const PLACE = /^(-?[0-9.]+) (-?[0-9.]+) -?[0-9.]+ (?:0|(-?[0-9.]+))$/;

/**
 * One answer as a person reads it: labels of choices, dates and decimals as the language writes them. `answer` may be
 * the answer's text in expressions as well. What does not fit its question is shown as it is.
 */
export function shown(form: Form, question: Question, answer: unknown, language: Language): string {
  const text = textOf(answer);
  if (question.choices !== undefined) return choices(form, question, answer, language);
  if (isFile(answer)) return `${text} (${Math.ceil(answer.len / 1000)} kB)`;
  return WRITTEN[question.type]?.(text, language) ?? text;
}

/** A text with each `${name}` replaced by the answer that the part at `path` sees. */
export function interpolated(text: Text, form: Form, evaluation: Evaluation, path: string, language: Language): string {
  return replaced(text[language], form, evaluation.asking.tree, rowOf(path), language);
}

/** Do what `interpolated` does, given the answers as a tree and a row in it. What comes in stays on its line. */
export function replaced(text: string, form: Form, tree: Tree, row: Row, language: Language): string {
  if (!text.includes('${') || form.form === 'motcua-form/1') return text;
  const { questions } = structureOf(form);
  return text.replace(/\$\{([^{}]*)\}/g, (written, name: string) => {
    const question = questions.get(name);
    if (question === undefined) return written;
    const found = string(valueOf(parse(written), scopeOf(tree, { row })));
    const said = found === '' ? '' : shown(form, question, found, language);
    return said.replace(/[ \t\r\n]+/g, ' ').replace(/^ | $/g, '');
  });
}

function choices(form: Form, question: Question, answer: unknown, language: Language): string {
  const labels = structureOf(form).choices.get(question.choices ?? '');
  const several = question.type !== 'select_one' && typeof answer === 'string';
  const given: readonly unknown[] = several ? (answer.match(WORD) ?? []) : Array.isArray(answer) ? answer : [answer];
  const names = given.filter((name) => typeof name === 'string');
  const texts = names.map((name) => labels?.get(name)?.label[language] ?? name);
  return (question.type === 'rank' ? texts.map((text, index) => `${index + 1}. ${text}`) : texts).join('; ');
}

const decimal = (text: string, language: Language): string => (language === 'vi' ? text.replaceAll('.', ',') : text);

function date(text: string, language: Language): string {
  if (days(text) === undefined) return text;
  const [year = '', month = '', day = ''] = text.split('-');
  if (language === 'vi') return `${day}/${month}/${year}`;
  return `${Number(day)} ${MONTHS[Number(month) - 1] ?? ''} ${Number(year)}`;
}

const WRITTEN: Partial<Record<QuestionType, (text: string, language: Language) => string>> = {
  acknowledge: (text, language) => (text === 'OK' ? AGREED[language] : text),
  date,
  datetime: (text, language) => (text[10] === 'T' ? `${date(text.slice(0, 10), language)} ${text.slice(11)}` : text),
  decimal,
  // A place that was typed says nothing of how exact it is.
  geopoint: (text) =>
    text.replace(PLACE, (_, latitude: string, longitude: string, metres: string | undefined) =>
      metres === undefined ? `${latitude}, ${longitude}` : `${latitude}, ${longitude} (±${metres} m)`,
    ),
  range: decimal,
};
