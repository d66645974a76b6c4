import { text } from '../../../text/index.ts';
import { answerAt } from '../rules/answers.ts';
import type { Language } from '../rules/form.ts';
import { empty } from '../rules/rules.ts';
import { shown } from '../rules/summary.ts';
import type { Filling } from './filling.ts';
import { says } from './judging.ts';
import { itemsOf, questionsOf, within } from './place.ts';
import type { Place } from './place.ts';

/** More answers than these don't fit on a line. */
const SUMMED_UP = 3;

/** Return what a row is called: its repeat's label and its number. */
export function rowName(given: Filling, place: Place): string {
  const row = place.trail.at(-1);
  if (row === undefined) return '';
  return text('rows.name', { label: says(given, row.repeat.label, within(place)), n: row.n });
}

/** Return the first answers of a row in one line; "" when it has none. */
export function rowSummary({ form, answers, evaluation }: Filling, place: Place, language: Language): string {
  const answered = questionsOf(itemsOf(place)).flatMap((question) => {
    const path = within(place) + question.name;
    const answer = answerAt(answers, path);
    if (question.type === 'note' || empty(answer) || !evaluation.relevant.has(path)) return [];
    return shown(form, question, answer, language).replace(/\s+/g, ' ');
  });
  return answered.slice(0, SUMMED_UP).join(' · ');
}
