/** Which questions of a form take an answer from a person, and which of these can come filled. */
import type { Form, Question } from '../rules/form.ts';
import { isComputed, structureOf, takesAnswer } from '../rules/structure.ts';

/** Return the questions that a person answers, those in repeats included: no notes, nothing that is computed. */
export function asking(form: Form): Question[] {
  return [...structureOf(form).questions.values()].filter(
    (question) => takesAnswer(question) && !isComputed(question) && question.read_only === undefined,
  );
}

/** Return the questions that can come filled: a row of a repeat is begun by the person, who knows what it is about. */
export function fillable(form: Form): (Question & { fill: string })[] {
  const { repeats } = structureOf(form);
  return asking(form).flatMap(({ fill, ...question }) =>
    fill !== undefined && repeats.get(question.name)?.length === 0 ? [{ ...question, fill }] : [],
  );
}
