/** "Tell us once": the answers of a new draft that need not be given, because they are known. */
import type { Answers, Form } from '../rules/form.ts';
import { evaluate } from '../rules/rules.ts';
import type { Moment } from '../rules/rules.ts';
import { fillable } from './questions.ts';
import { knownFrom } from './sources.ts';
import type { Known, Knowledge } from './sources.ts';
import { unconditional } from './unconditional.ts';

/**
 * Return what is known for the questions of a form, by name.
 *
 * A question that does not apply at first is filled too: it may come to apply. What does not fit its question (an
 * unknown choice, a broken constraint) is left out, and with it whatever else rests on it.
 */
export function knownAnswers(form: Form, knowledge: Knowledge, at: Moment): ReadonlyMap<string, Known> {
  const found = new Map<string, Known>();
  for (const { name, fill } of fillable(form)) {
    const known = knownFrom(fill, knowledge);
    if (known !== null) found.set(name, known);
  }
  const judged = unconditional(form);
  for (;;) {
    const { problems } = evaluate(judged, valuesOf(found), at);
    const unfit = [...found.keys()].filter((name) => problems.has(name));
    if (unfit.length === 0) return found;
    for (const name of unfit) found.delete(name);
  }
}

/** Return the answers alone. */
export function valuesOf(known: ReadonlyMap<string, Known>): Answers {
  return Object.fromEntries([...known].map(([name, { value }]) => [name, value]));
}

/** Return the questions that a scan of the citizen card would fill beyond the name, which the account has. */
export function byCard(form: Form): string[] {
  const sources = (fill: string) => fill.split(' ').filter((source) => /^(card|person)\//.test(source));
  return fillable(form)
    .filter(({ fill }) => sources(fill).some((source) => source !== 'person/name'))
    .map(({ name }) => name);
}
