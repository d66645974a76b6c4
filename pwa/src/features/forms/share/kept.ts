/** What was written in a draft and not taken, in words, also when the draft itself has left this phone. */
import type { RecordView } from '../../../data/records.ts';
import type { Value } from '../../../sync/canonical.ts';
import { ANSWER, publishedOf } from '../fill/model.ts';
import type { Form, Language, Question } from '../rules/form.ts';
import { shown } from '../rules/summary.ts';
import { structureOf } from '../rules/structure.ts';

export interface KeptAnswer {
  key: string;
  label: string;
  answer: string;
}

/** Return answers as people read them. Without the draft, they are told by the newest form that asks all of them. */
export function keptAnswers(
  values: Readonly<Record<string, Value>>,
  forms: readonly RecordView[],
  pinned: Value | undefined,
  language: Language,
): { form: Form | null; answers: KeptAnswer[] } {
  const kept = Object.entries(values).filter(([key]) => key.startsWith(ANSWER));
  const names = kept.map(([key]) => nameOf(key));
  const known = forms.flatMap((view) => publishedOf(view) ?? []);
  const own = known.find(({ sha256 }) => sha256 === pinned);
  const asksAll = (form: Form) => names.every((name) => questionIn(form, name) !== undefined);
  const like = known.filter(({ superseded, form }) => !superseded && asksAll(form));
  const form = own?.form ?? (like.length === 1 ? like[0]?.form : undefined) ?? null;
  const answers = kept.map(([key, value]): KeptAnswer => {
    const question = form === null ? undefined : questionIn(form, nameOf(key));
    if (form === null || question === undefined) return { key, label: nameOf(key), answer: JSON.stringify(value) };
    return { key, label: question.label?.[language] ?? question.name, answer: shown(form, question, value, language) };
  });
  return { form, answers };
}

function nameOf(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1);
}

function questionIn(form: Form, name: string): Question | undefined {
  return structureOf(form).questions.get(name);
}
