/** How far a person has come at each place of a form. */
import { answerAt, empty } from '../rules/answers.ts';
import type { Answers, Form, Question } from '../rules/form.ts';
import { pathOf } from '../rules/registers.ts';
import type { Rows } from '../rules/registers.ts';
import type { Evaluation } from '../rules/rules.ts';
import { ANSWER, ROW } from './model.ts';
import { itemsOf, questionsOf, repeatsOf, rowsAt, within } from './place.ts';
import type { Place } from './place.ts';

/** A draft as it is judged: what it takes to say how far it is. */
export interface Judged {
  readonly form: Form;
  readonly answers: Answers;
  readonly rows: Rows;
  readonly evaluation: Evaluation;
  /** Paths of questions that hold two answers, and of rows that were removed here and edited there. */
  readonly unsettled: readonly string[];
}

export type State = 'settle' | 'done' | 'started' | 'untouched' | 'optional';

/** Return how far a page or row is: an unsettled question comes first, then problems, then whether much was asked. */
export function stateAt(judged: Judged, place: Place): State {
  const { answers, unsettled } = judged;
  const paths = [...pathsAt(judged, place)];
  const own = place.trail.at(-1)?.path;
  const rows = repeatsAt(judged, place).map((path) => `${path}[`);
  const waits = (path: string) => path === own || paths.includes(path) || rows.some((each) => path.startsWith(each));
  if (unsettled.some(waits)) return 'settle';
  const answered = [...askedAt(judged, place)].some(
    ({ question, path }) => question.read_only !== true && !empty(answerAt(answers, path)),
  );
  if (problemsAt(judged, place).length > 0) return answered ? 'started' : 'untouched';
  const open = repeatsAt(judged, place).some((path) => (judged.rows.get(path) ?? []).length === 0);
  if (answered || (paths.length === 0 && !open)) return 'done';
  return 'optional';
}

/** Return the paths at a place, rows within it too, that have a problem, in the order of the form. */
export function problemsAt(judged: Judged, place: Place): string[] {
  const { problems } = judged.evaluation;
  return [...repeatsAt(judged, place), ...pathsAt(judged, place)].filter((path) => problems.has(path));
}

/** Yield the paths of the questions that apply at a place and in the rows of its repeats. Notes ask nothing. */
export function* pathsAt(judged: Judged, place: Place): Generator<string> {
  for (const { path } of askedAt(judged, place)) yield path;
}

/** Yield the questions that apply at a place and in the rows of its repeats, with their paths. */
export function* askedAt(judged: Judged, place: Place): Generator<{ path: string; question: Question; place: Place }> {
  const { evaluation, rows } = judged;
  for (const question of questionsOf(itemsOf(place))) {
    const path = within(place) + question.name;
    if (question.type !== 'note' && evaluation.relevant.has(path)) yield { path, question, place };
  }
  for (const repeat of repeatsOf(itemsOf(place))) {
    if (!evaluation.relevant.has(within(place) + repeat.name)) continue;
    for (const row of rowsAt(place, repeat, rows)) {
      yield* askedAt(judged, { page: place.page, trail: [...place.trail, row] });
    }
  }
}

/** Return the paths of the repeats that apply at a place itself. */
function repeatsAt({ evaluation }: Judged, place: Place): string[] {
  const paths = repeatsOf(itemsOf(place)).map(({ name }) => within(place) + name);
  return paths.filter((path) => evaluation.relevant.has(path));
}

/** Return the paths of questions and rows, among the keys that hold two words, that apply. */
export function toSettle(keys: readonly string[], rows: Rows, relevant: ReadonlySet<string>): string[] {
  const ours = keys.filter((key) => key.startsWith(ANSWER) || key.startsWith(ROW));
  return ours.flatMap((key) => pathOf(key, rows) ?? []).filter((path) => relevant.has(path.replace(/\[\d+\]$/, '')));
}
