/**
 * What stands where in a form, and in which order its parts are decided. `structure.py` is its twin.
 *
 * A part is a page, group, repeat or question. It depends on the parts that its expressions name and on the one that
 * it stands in; parts are decided in an order in which nothing comes before what it depends on.
 */
import { parse } from '../expressions/expression.ts';
import type { Choice, Form, Group, Item, Page, Question, Repeat } from './form.ts';

export type Part = Page | Item;

/** Stands before a page's name among parts: in `/1` a page may be named like a question. */
export const PAGE = '/';

/**
 * The parts of a form in the order of the document. `places` gives for every item the page, groups and repeats around
 * it, outermost first; `repeats` the repeats among these only; `within` the items that stand directly in a row of a
 * repeat (`''`: in none), groups resolved.
 */
export interface Structure {
  readonly parts: ReadonlyMap<string, Part>;
  readonly questions: ReadonlyMap<string, Question>;
  readonly places: ReadonlyMap<string, readonly string[]>;
  readonly repeats: ReadonlyMap<string, readonly string[]>;
  readonly within: ReadonlyMap<string, readonly string[]>;
  readonly order: readonly string[];
  /** The choices of every list by name, in the order of the list. */
  readonly choices: ReadonlyMap<string, ReadonlyMap<string, Choice>>;
}

const known = new WeakMap<Form, Structure>();

/** Return the structure of a form, which is worked out once. */
export function structureOf(form: Form): Structure {
  let structure = known.get(form);
  if (structure === undefined) {
    structure = structured(form);
    known.set(form, structure);
  }
  return structure;
}

export const isGroup = (part: Part): part is Group => 'type' in part && part.type === 'group';
export const isRepeat = (part: Part): part is Repeat => 'type' in part && part.type === 'repeat';
export const isQuestion = (part: Part): part is Question => 'type' in part && !isGroup(part) && !isRepeat(part);

/** Whether a part has a place in answers: questions but notes, and repeats. */
export const takesAnswer = (part: Part): part is Question | Repeat =>
  isRepeat(part) || (isQuestion(part) && part.type !== 'note');

/** Whether the calculation counts only as long as there is no answer. */
export const isOnce = ({ calculation }: Question): boolean => calculation?.trimStart().startsWith('once(') === true;

/** Whether the answer is always the calculation's, whatever is given. */
export const isComputed = (question: Question): boolean =>
  question.calculation !== undefined && (question.type === 'calculate' || !isOnce(question));

/** Return the part that an item stands in; empty for a page. */
export function containerOf({ places }: Pick<Structure, 'places'>, part: string): string {
  const place = places.get(part);
  if (place === undefined) return '';
  return place.length > 1 ? (place.at(-1) ?? '') : `${PAGE}${place[0] ?? ''}`;
}

function structured(form: Form): Structure {
  const parts = new Map<string, Part>();
  const questions = new Map<string, Question>();
  const places = new Map<string, readonly string[]>();
  const repeats = new Map<string, readonly string[]>();
  const within = new Map<string, string[]>([['', []]]);
  const add = (item: Item, place: readonly string[], rows: readonly string[]): void => {
    parts.set(item.name, item);
    places.set(item.name, place);
    repeats.set(item.name, rows);
    within.get(rows.at(-1) ?? '')?.push(item.name);
    if (isQuestion(item)) questions.set(item.name, item);
    else {
      if (isRepeat(item)) within.set(item.name, []);
      const inner = isRepeat(item) ? [...rows, item.name] : rows;
      for (const each of item.questions) add(each, [...place, item.name], inner);
    }
  };
  for (const page of form.pages) {
    parts.set(PAGE + page.name, page);
    for (const item of page.questions) add(item, [page.name], []);
  }
  const choices = new Map(
    Object.entries(form.choices).map(([list, each]) => [list, new Map(each.map((choice) => [choice.name, choice]))]),
  );
  return { parts, questions, places, repeats, within, order: ordered(parts, places), choices };
}

function ordered(parts: ReadonlyMap<string, Part>, places: Structure['places']): string[] {
  const done = new Set<string>();
  const path = new Set<string>();
  const visit = (name: string): void => {
    const part = parts.get(name);
    if (part === undefined || path.has(name) || done.has(name)) return;
    path.add(name);
    for (const needed of needs(name, part, places)) visit(needed);
    path.delete(name);
    done.add(name);
  };
  for (const name of parts.keys()) visit(name);
  return [...done];
}

function needs(name: string, part: Part, places: Structure['places']): string[] {
  const container = containerOf({ places }, name);
  const named = deciding(part).flatMap(({ text, columns }) =>
    [...parse(text, { columns }).names].filter((each) => places.has(each)).sort(),
  );
  return container === '' ? named : [container, ...named];
}

/** The expressions that decide about a part before its answer is judged. */
function deciding(part: Part): { text: string; columns: boolean }[] {
  const texts = [part.relevant];
  if (isRepeat(part)) texts.push(part.count);
  if (isQuestion(part)) texts.push(part.calculation, part.choice_filter, dynamicOf(part));
  const filter = isQuestion(part) ? part.choice_filter : undefined;
  return texts.flatMap((text) => (text === undefined ? [] : [{ text, columns: text === filter }]));
}

/** The expression that gives a question's default, if one does. */
export function dynamicOf({ default: first }: Question): string | undefined {
  return typeof first === 'object' && 'expr' in first ? first.expr : undefined;
}
