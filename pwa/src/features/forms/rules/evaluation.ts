/**
 * One evaluation of answers to a form: which parts apply, what is required, computed or wrong. `evaluation.py` is its
 * twin.
 *
 * A part whose condition, or that of a part around it, is not met does not apply, and its answer counts as empty
 * everywhere. Parts are decided in the order of the structure: each part in all its rows before what depends on it.
 */
import { evaluate as valueOf, holds, parse } from '../expressions/expression.ts';
import { number, type Row as Place, string } from '../expressions/values.ts';
import { type AnswerCode, empty, fault, isPlain, memberOf, textOf, typed } from './answers.ts';
import { Asking, type Moment } from './asking.ts';
import type { Answers, Form, Question, Repeat } from './form.ts';
import { containerOf, isComputed, isQuestion, isRepeat, PAGE, type Structure, structureOf } from './structure.ts';

/** Rows of one repeat within one row around it. */
export const ROWS = 100;
/** Answers and rows within repeats, in all. */
const INSTANCES = 5_000;
/** Bytes of a computed answer. */
const TEXT = 20_000;

/**
 * What applies, by path; the problem of each answer that has one; the text of each computed answer. `pages` are the
 * names of those with something to see; `relevant` holds questions, groups and repeats; `rows` says how many rows of
 * each repeat count.
 */
export interface Evaluation {
  readonly pages: readonly string[];
  readonly relevant: ReadonlySet<string>;
  readonly required: ReadonlySet<string>;
  readonly problems: ReadonlyMap<string, AnswerCode>;
  readonly computed: ReadonlyMap<string, string>;
  readonly rows: ReadonlyMap<string, number>;
  readonly asking: Asking;
}

/** Judge answers at any stage of filling, as of a moment. `seed` is the draft's id. */
export function evaluate(form: Form, answers: Answers, at: Moment, seed = ''): Evaluation {
  const evaluating = new Evaluating(form, answers, at, seed);
  const { order, questions } = structureOf(form);
  for (const part of order) evaluating.decide(part);
  for (const question of questions.values()) if (question.type !== 'note') evaluating.judge(question);
  return evaluating.done();
}

/** A row, or the form itself: what stands before the paths in it, its place among rows, the answers given in it. */
interface Row {
  readonly prefix: string;
  readonly place: Place;
  readonly given: Answers;
}

/** One evaluation on its way: the parts that were decided so far. */
class Evaluating {
  readonly #structure: Structure;
  readonly #form: Form;
  readonly #at: Moment;
  readonly #asking: Asking;
  readonly #rowsOf: Map<string, Row[]>;
  readonly #applies = new Set<string>();
  readonly #visible = new Set<string>();
  readonly #computed = new Map<string, string>();
  readonly #required = new Set<string>();
  readonly #problems = new Map<string, AnswerCode>();
  #left = INSTANCES;

  constructor(form: Form, answers: Answers, at: Moment, seed: string) {
    this.#form = form;
    this.#at = at;
    this.#structure = structureOf(form);
    this.#asking = new Asking(form, at, seed);
    this.#rowsOf = new Map([['', [{ prefix: '', place: [], given: answers }]]]);
  }

  decide(key: string): void {
    const { parts, repeats, places } = this.#structure;
    const part = parts.get(key);
    if (part === undefined) return;
    const inside = repeats.get(key)?.at(-1) ?? '';
    const container = containerOf(this.#structure, key);
    if (isRepeat(part)) this.#rowsOf.set(key, []);
    for (const row of this.#rowsOf.get(inside) ?? []) {
      if (container !== inside && !this.#applies.has(row.prefix + container)) continue;
      const path = row.prefix + key;
      if (part.relevant !== undefined && !holds(part.relevant, this.#asking.scope(row.place, path))) continue;
      if (isQuestion(part)) this.#answer(part, row, path);
      else this.#applies.add(path);
      if (!isRepeat(part)) continue;
      this.#visible.add(places.get(key)?.[0] ?? '');
      this.#addRows(part, row, path);
    }
  }

  #addRows(repeat: Repeat, row: Row, path: string): void {
    const given = memberOf(row.given, repeat.name);
    const rows: readonly unknown[] = Array.isArray(given) ? given : [];
    let wanted = rows.length;
    if (repeat.count !== undefined) {
      const asked = number(valueOf(parse(repeat.count), this.#asking.scope(row.place, path)), this.#at.offset);
      wanted = asked >= 1 ? Math.floor(Math.min(asked, ROWS + 1)) : 0;
    }
    const cost = 1 + (this.#structure.within.get(repeat.name)?.length ?? 0);
    const count = Math.min(wanted, ROWS, Math.floor(this.#left / cost));
    this.#left -= count * cost;
    if (count < wanted) this.#problems.set(path, 'answer_rows');
    else if (!Array.isArray(given) && !empty(given)) this.#problems.set(path, 'answer_type');
    this.#asking.counts.set(path, count);
    const all = this.#rowsOf.get(repeat.name) ?? [];
    for (let index = 1; index <= count; index++) {
      const own = rows[index - 1];
      const place = [...row.place, [repeat.name, index] as const];
      all.push({ prefix: `${path}[${index}]/`, place, given: isPlain(own) ? own : {} });
    }
  }

  #answer(question: Question, row: Row, path: string): void {
    if (question.type !== 'calculate') this.#visible.add(this.#structure.places.get(question.name)?.[0] ?? '');
    let text = question.type === 'note' ? '' : textOf(memberOf(row.given, question.name));
    if (isComputed(question)) {
      text = calculated(question, this.#asking, row.place, path, text);
      this.#computed.set(path, text);
    }
    this.#asking.texts.set(path, text);
  }

  judge(question: Question): void {
    const { name, required } = question;
    for (const row of this.#rowsOf.get(this.#structure.repeats.get(name)?.at(-1) ?? '') ?? []) {
      const path = row.prefix + name;
      const text = this.#asking.texts.get(path);
      if (text === undefined) continue;
      const needed =
        required === true || (required !== undefined && holds(required, this.#asking.scope(row.place, path)));
      if (needed) this.#required.add(path);
      const answer = isComputed(question) ? typed(this.#form, question, text) : memberOf(row.given, name);
      const problem = this.#problem(question, row, path, answer, needed);
      if (problem) this.#problems.set(path, problem);
    }
  }

  #problem(question: Question, row: Row, path: string, answer: unknown, needed: boolean): AnswerCode | undefined {
    if (question.type === 'calculate') return undefined;
    if (empty(answer)) return needed ? 'answer_required' : undefined;
    const wrong = fault(this.#form, question, answer, this.#asking.keeps(question.choice_filter, row.place, path));
    if (wrong !== undefined || question.constraint === undefined) return wrong;
    const scope = this.#asking.scope(row.place, path, this.#asking.texts.get(path));
    return holds(question.constraint, scope) ? undefined : 'answer_constraint';
  }

  done(): Evaluation {
    this.#asking.relieved();
    const names = this.#form.pages.map(({ name }) => name);
    const applies = [...this.#applies].filter((path) => !path.startsWith(PAGE));
    return {
      pages: names.filter((name) => this.#applies.has(PAGE + name) && this.#visible.has(name)),
      relevant: new Set([...this.#asking.texts.keys(), ...applies]),
      required: this.#required,
      problems: this.#problems,
      computed: this.#computed,
      rows: this.#asking.counts,
      asking: this.#asking,
    };
  }
}

/** What a question's calculation gives, in normal form C; a text past the limit counts as none. */
export function calculated(question: Question, asking: Asking, place: Place, path: string, given: string): string {
  const value = valueOf(parse(question.calculation ?? "''"), asking.scope(place, path, given));
  const text = string(value).normalize('NFC');
  return text.length * 3 <= TEXT || new TextEncoder().encode(text).length <= TEXT ? text : '';
}
