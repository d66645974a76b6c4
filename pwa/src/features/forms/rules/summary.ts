/** The plain text of the review page, whose hash is signed. `summary.py` gives the same bytes. */
import type { Answers, Form, Language, Question } from './form.ts';
import { days } from '../expressions/functions.ts';
import { empty, textOf } from './answers.ts';
import { isQuestion } from './structure.ts';

const HEADING = {
  vi: ['Kính gửi', 'Mã thủ tục', 'Phiên bản'],
  en: ['To', 'Procedure code', 'Version'],
} as const;
const MONTHS = 'January February March April May June July August September October November December'.split(' ');

/**
 * Heading and answers, page by page, a line `label: value` each; several lines are indented below a label.
 * `answers` are `cleaned` ones, so every one of them applies. Lines end in \n, the last one too.
 */
export function summary(form: Form, answers: Answers, language: Language): string {
  const [to, code, version] = HEADING[language];
  const lines = [
    form.title[language],
    `${to}: ${form.authority[language]}`,
    `${code}: ${form.code}`,
    `${version}: ${form.version}`,
  ];
  for (const page of form.pages) {
    const answered = page.questions.filter(isQuestion).filter(({ name }) => Object.hasOwn(answers, name) && !empty(answers[name]));
    if (answered.length) lines.push('', page.label[language]);
    for (const question of answered) {
      const value = shown(form, question, answers[question.name], language);
      const body = value.includes('\n') ? `\n${value}`.replaceAll('\n', '\n  ') : ` ${value}`;
      lines.push(`${question.label?.[language] ?? question.name}:${body}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

/** One answer as a person reads it: labels of choices, dates and decimals as the language writes them. */
export function shown(form: Form, question: Question, answer: unknown, language: Language): string {
  const text = textOf(answer);
  if (question.choices !== undefined) {
    const labels = new Map(form.choices[question.choices]?.map(({ name, label }) => [name, label[language]]));
    const names: unknown[] = Array.isArray(answer) ? answer : [answer];
    return names.flatMap((name) => (typeof name === 'string' ? [labels.get(name) ?? name] : [])).join('; ');
  }
  if (question.type === 'decimal' && language === 'vi') return text.replace('.', ',');
  if (question.type === 'date' && days(text) !== undefined) {
    const [year = '', month = '', day = ''] = text.split('-');
    if (language === 'vi') return `${day}/${month}/${year}`;
    return `${Number(day)} ${MONTHS[Number(month) - 1] ?? ''} ${Number(year)}`;
  }
  return text;
}
