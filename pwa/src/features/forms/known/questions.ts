/** Which questions of a form take an answer from a person, and which of these can come filled. */
import type { Form, Question } from '../rules/form.ts';

type Items = readonly (Question | Container)[];
interface Container {
  readonly type: string;
  readonly questions: Items;
}

/** Return the questions that a person answers, those in repeats included: no notes, nothing that is computed. */
export function asking(form: Form): Question[] {
  return form.pages.flatMap(({ questions }) => [...walk(questions, true)]).filter(answerable);
}

/** Return the questions that can come filled: a row of a repeat is begun by the person, who knows what it is about. */
export function fillable(form: Form): (Question & { fill: string })[] {
  const outside = form.pages.flatMap(({ questions }) => [...walk(questions, false)]);
  return outside.flatMap((question) =>
    question.fill !== undefined && answerable(question) ? [{ ...question, fill: question.fill }] : [],
  );
}

function answerable(question: Question): boolean {
  const { type, calculation, read_only: readOnly } = question as Question & { calculation?: string; read_only?: true };
  if (type === 'note' || (type as string) === 'calculate' || readOnly === true) return false;
  // once() only begins an answer; any other calculation is the answer.
  return calculation === undefined || calculation.trimStart().startsWith('once(');
}

function* walk(items: Items, intoRepeats: boolean): Generator<Question> {
  for (const item of items) {
    if (!('questions' in item)) yield item;
    else if (intoRepeats || item.type !== 'repeat') yield* walk(item.questions, intoRepeats);
  }
}
