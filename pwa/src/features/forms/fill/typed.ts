/** Between what a person types and what a draft holds. What can't be read is held as typed, so nothing is lost. */
import type { Value } from '../../../sync/canonical.ts';
import { isWhole } from '../rules/answers.ts';
import type { Language, Question } from '../rules/form.ts';

/** Return the answer that typing `typed` means: null for nothing, else in normal form C. */
export function answerFrom(question: Question, typed: string, language: Language): Value {
  const text = typed.normalize('NFC');
  if (text.trim() === '') return null;
  const sort = sortOf(question);
  if (sort === 'integer') {
    const digits = ungrouped(text, language);
    const number = Number(digits);
    return /^-?\d+$/.test(digits) && Number.isSafeInteger(number) ? number : text;
  }
  if (sort === 'decimal') {
    const plain = ungrouped(text, language).replace(',', '.');
    return /^-?\d+(\.\d+)?$/.test(plain) ? plain.replace(/^(-?)0+(?=\d)/, '$1') : text;
  }
  return text;
}

/** Return an answer as it stands in its field. */
export function typedFrom(question: Question, answer: unknown, language: Language): string {
  if (typeof answer === 'number') return String(answer);
  if (typeof answer !== 'string') return '';
  return sortOf(question) === 'decimal' ? writtenDecimal(answer, language) : answer;
}

/** Return a decimal with the mark that the language sets between whole and parts. */
export function writtenDecimal(decimal: string, language: Language): string {
  return language === 'vi' ? decimal.replace('.', ',') : decimal;
}

/** The ends and the step of a `range`. */
export interface Range {
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

/** Return the parameters of a range; ODK's own where the author gave none (XLSForm: 0 to 10 by 1). */
export function rangeOf({ parameters = {} }: Question): Range {
  const given = (name: string, otherwise: number) => Number(parameters[name] ?? otherwise);
  return { start: given('start', 0), end: given('end', 10), step: Math.abs(given('step', 1)) || 1 };
}

/** What a question takes when it is typed. A range takes integers when its start and step are whole. */
function sortOf(question: Question): 'integer' | 'decimal' | 'text' {
  const { type } = question;
  if (type === 'integer' || type === 'decimal') return type;
  if (type !== 'range') return 'text';
  return isWhole(question) ? 'integer' : 'decimal';
}

/** Take out the marks that group thousands: `1.250.000` in Vietnamese, `1,250,000` in English, spaces in both. */
function ungrouped(text: string, language: Language): string {
  const compact = text.replace(/\s/g, '');
  const [mark, comma] = language === 'vi' ? ['\\.', ','] : [',', '\\.'];
  const grouped = new RegExp(`^-?\\d{1,3}(${mark}\\d{3})+(${comma}\\d+)?$`);
  return grouped.test(compact) ? compact.replace(new RegExp(mark, 'g'), '') : compact;
}
