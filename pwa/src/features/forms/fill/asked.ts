import { text } from '../../../text/index.ts';
import type { Choice } from '../../../ui/choice.tsx';
import { answerAt } from '../rules/answers.ts';
import type { Form, Question } from '../rules/form.ts';
import { choicesOf, empty } from '../rules/rules.ts';
import { isComputed } from '../rules/structure.ts';
import { shown } from '../rules/summary.ts';
import type { Filling } from './filling.ts';
import { says } from './judging.ts';

/** A question as it is asked at one place, in the language of the screen. */
export interface Asked {
  readonly question: Question;
  /** It is also the id of what takes the answer. */
  readonly path: string;
  readonly label: string;
  readonly hint: string | undefined;
  readonly guidance: string | undefined;
  /** The choices that are offered now. */
  readonly offered: readonly Choice[];
  /** These, and after them what was answered and is offered no more: it is said, not dropped. */
  readonly choices: readonly Choice[];
  /** An answer is offered no more. */
  readonly gone: boolean;
  /** What stands where nothing can be answered: "" for nothing yet; null when the person answers. */
  readonly given: string | null;
  readonly computed: boolean;
}

/** Return how a question is asked at a path. */
export function asked(given: Filling, question: Question, path: string): Asked {
  const { form, evaluation, language } = given;
  const before = path.slice(0, path.lastIndexOf('/') + 1);
  const answer = answerAt(given.answers, path);
  const offered = choicesOf(form, evaluation, path).map(({ name, label }) => ({
    name,
    label: says(given, label, before),
  }));
  const lost = question.type === 'rank' ? [] : lostChoices(form, question, answer, offered, language);
  const computed = isComputed(question);
  const standing = computed ? (evaluation.computed.get(path) ?? '') : answer;
  const fixed = computed || question.read_only === true;
  return {
    question,
    path,
    label: question.label === undefined ? '' : says(given, question.label, before),
    hint: question.hint && says(given, question.hint, before),
    guidance: question.guidance && says(given, question.guidance, before),
    offered,
    choices: [...offered, ...lost],
    gone: lost.length > 0,
    given: fixed ? (empty(standing) ? '' : shown(form, question, standing, language)) : null,
    computed,
  };
}

function lostChoices(
  form: Form,
  question: Question,
  answer: unknown,
  offered: readonly Choice[],
  language: 'vi' | 'en',
): Choice[] {
  if (question.choices === undefined) return [];
  const names: unknown[] = Array.isArray(answer) ? answer : [answer];
  const lost = names.filter((name) => typeof name === 'string' && name !== '').filter(
    (name) => !offered.some((choice) => choice.name === name),
  );
  return (lost as string[]).map((name) => ({
    name,
    label: text('questions.gone', { label: shown(form, question, name, language) }),
  }));
}
