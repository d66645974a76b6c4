/** Between what a person types and what a draft holds. What can't be read is held as typed, so nothing is lost. */
import type { Value } from '../../../sync/canonical.ts';
import type { Language, Question } from '../rules/form.ts';

/** Return the answer that typing `typed` means: null for nothing, else in normal form C. */
export function answerFrom(question: Question, typed: string, language: Language): Value {
  const text = typed.normalize('NFC');
  if (text.trim() === '') return null;
  if (question.type === 'integer') {
    const digits = ungrouped(text, language);
    const number = Number(digits);
    return /^-?\d+$/.test(digits) && Number.isSafeInteger(number) ? number : text;
  }
  if (question.type === 'decimal') {
    const plain = ungrouped(text, language).replace(',', '.');
    return /^-?\d+(\.\d+)?$/.test(plain) ? plain.replace(/^(-?)0+(?=\d)/, '$1') : text;
  }
  return text;
}

/** Return an answer as it stands in its field. */
export function typedFrom(question: Question, answer: unknown, language: Language): string {
  if (typeof answer === 'number') return String(answer);
  if (typeof answer !== 'string') return '';
  return question.type === 'decimal' && language === 'vi' ? answer.replace('.', ',') : answer;
}

/** Take out the marks that group thousands: `1.250.000` in Vietnamese, `1,250,000` in English, spaces in both. */
function ungrouped(text: string, language: Language): string {
  const compact = text.replace(/\s/g, '');
  const [mark, comma] = language === 'vi' ? ['\\.', ','] : [',', '\\.'];
  const grouped = new RegExp(`^-?\\d{1,3}(${mark}\\d{3})+(${comma}\\d+)?$`);
  return grouped.test(compact) ? compact.replace(new RegExp(mark, 'g'), '') : compact;
}
