/** What an expression sees when it is asked at a place in a form. `asking.py` is its twin. */
import { holds } from '../expressions/expression.ts';
import type { Budget, Scope, Tree } from '../expressions/scope.ts';
import type { Row } from '../expressions/values.ts';
import type { Keeps } from './answers.ts';
import type { Choice, Form } from './form.ts';
import { structureOf } from './structure.ts';

/** Minutes that Vietnam is ahead of UTC. */
export const VIETNAM = 420;

/** Steps of all expressions of one evaluation. */
const BUDGET = 1_000_000;

/** When answers are judged: ms since 1970, and the minutes that local time is ahead of UTC. */
export interface Moment {
  readonly now: number;
  readonly offset: number;
}

/** Return the moment `now` in the city. */
export const cityMoment = (now: number): Moment => ({ now, offset: VIETNAM });

/**
 * One form's answers on their way to being judged, as expressions see them. `texts` and `counts` are what was decided
 * so far: each answer that applies by its path, the rows of each repeat.
 */
export class Asking {
  readonly texts = new Map<string, string>();
  readonly counts = new Map<string, number>();
  readonly tree: Tree;
  readonly #form: Form;
  readonly #at: Moment;
  readonly #seed: string;
  #budget: Budget | undefined = { left: BUDGET };

  constructor(form: Form, at: Moment, seed: string) {
    this.#form = form;
    this.#at = at;
    this.#seed = seed;
    this.tree = { repeats: structureOf(form).repeats, texts: this.texts, counts: this.counts };
  }

  /** What an expression of the part at a path sees. */
  scope(row: Row, path: string, self = '', choice?: Choice): Scope {
    return {
      tree: this.tree,
      row,
      this: self,
      now: this.#at.now,
      offset: this.#at.offset,
      seed: this.#seed,
      version: this.#form.version,
      path,
      label: this.#label,
      column: choice && columnsOf(choice),
      budget: this.#budget,
    };
  }

  /** Return whether a choice is offered at a path. */
  keeps(filter: string | undefined, row: Row, path: string): Keeps {
    return filter === undefined ? () => true : (choice) => holds(filter, this.scope(row, path, '', choice));
  }

  /** Give what is asked from now on, after the evaluation, a budget of its own each time. */
  relieved(): void {
    this.#budget = undefined;
  }

  /** A choice's label, in Vietnamese: what a calculation gives cannot depend on who reads it. */
  readonly #label = (question: string, value: string): string => {
    const { questions, choices } = structureOf(this.#form);
    return choices.get(questions.get(question)?.choices ?? '')?.get(value)?.label.vi ?? value;
  };
}

/** The row that a path lies in: of `children[2]/name` the second of `children`. */
export function rowOf(path: string): Row {
  const steps = path.split('/').slice(0, -1);
  return steps.map((step) => {
    const at = step.indexOf('[');
    return [step.slice(0, at), Number(step.slice(at + 1, -1))];
  });
}

const columns = new WeakMap<Choice, ReadonlyMap<string, string>>();

/** What a bare name in a `choice_filter` stands for. */
function columnsOf(choice: Choice): ReadonlyMap<string, string> {
  let own = columns.get(choice);
  if (own === undefined) {
    own = new Map(Object.entries(choice).filter((each): each is [string, string] => typeof each[1] === 'string'));
    columns.set(choice, own);
  }
  return own;
}
