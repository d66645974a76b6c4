/** What an expression sees when it is asked at a place in a form. `asking.py` is its twin. */
import { holds } from '../expressions/expression.ts';
import type { Scope } from '../expressions/functions.ts';
import type { Keeps } from './answers.ts';
import type { Choice, Form } from './form.ts';

/** Minutes that Vietnam is ahead of UTC. */
export const VIETNAM = 420;

/** When answers are judged: ms since 1970, and the minutes that local time is ahead of UTC. */
export interface Moment {
  readonly now: number;
  readonly offset: number;
}

/** The rows that something stands in, outermost first: repeat, and number from 1. */
export type Place = readonly (readonly [string, number])[];

/** Return the moment `now` in the city. */
export const cityMoment = (now: number): Moment => ({ now, offset: VIETNAM });

/** One form's answers on their way to being judged, as expressions see them. */
export class Asking {
  readonly texts = new Map<string, string>();
  readonly counts = new Map<string, number>();
  readonly form: Form;
  readonly #today: string;

  constructor(form: Form, at: Moment, _seed: string) {
    this.form = form;
    this.#today = new Date(at.now + at.offset * 60_000).toISOString().slice(0, 10);
  }

  scope(place: Place, path: string, self = '', _column?: Choice): Scope {
    let answers: ReadonlyMap<string, string> = this.texts;
    if (place.length > 0) {
      const prefix = path.slice(0, path.lastIndexOf('/') + 1);
      const own = [...this.texts].filter(([key]) => key.startsWith(prefix));
      answers = new Map([...this.texts, ...own.map(([key, text]) => [key.slice(prefix.length), text] as const)]);
    }
    return { answers, today: this.#today, this: self };
  }

  /** Return whether a choice is offered at a path. */
  keeps(filter: string | undefined, path: string): Keeps {
    return filter === undefined ? () => true : (choice) => holds(filter, this.scope([], path, '', choice));
  }
}
