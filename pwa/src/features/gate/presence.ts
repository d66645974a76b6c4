/** Who is inside and what was used, from a set of check-ins: a union of any phones' check-ins gives all the same. */

import type { CheckIn } from '../../codes/columns.ts';

/** Takes a check-in back: `of` is its id. */
export interface Undo {
  readonly id: string;
  readonly at: number;
  readonly way: 'undo';
  readonly of: string;
}

/** A check-in, with the id of the presentation that was shown, if it was one; or what takes one back. */
export type Event = (CheckIn & { readonly shown?: string | null }) | Undo;

/** An entry that should not have been: `loser` while `winner` had it inside (double), or past the bound (over). */
export interface Conflict {
  readonly kind: 'double' | 'over';
  readonly winner: string;
  readonly loser: string;
}

/** What the set says of one subject. `first` is the earliest entry, by time and then by id. */
export interface Presence {
  readonly inside: boolean;
  readonly entries: number;
  readonly first: CheckIn | null;
  readonly conflicts: readonly Conflict[];
}

const NOBODY: Presence = { inside: false, entries: 0, first: null, conflicts: [] };

/**
 * A set of check-ins that grows. What it says depends on what is in it, not on the order in which that came; one event
 * more costs no more than the events of its subject.
 */
export class CheckIns {
  readonly #events = new Map<string, CheckIn>();
  readonly #subjects = new Map<string, CheckIn[]>();
  readonly #presences = new Map<string, Presence>();
  readonly #undone = new Set<string>();
  readonly #shown = new Set<string>();

  /** Take in an event; the same one again changes nothing. */
  add(event: Event): void {
    if (event.way === 'undo') return this.undo(event.of);
    // a presentation stays used though its check-in be undone, and though another phone told of the check-in without it
    if (typeof event.shown === 'string') this.#shown.add(event.shown);
    if (this.#events.has(event.id)) return;
    this.#events.set(event.id, event);
    const known = this.#subjects.get(event.subject);
    if (known === undefined) this.#subjects.set(event.subject, [event]);
    else known.push(event);
    this.#presences.delete(event.subject);
  }

  /** Take back the check-in of this id, which need not have come yet. */
  undo(id: string): void {
    this.#undone.add(id);
    const event = this.#events.get(id);
    if (event !== undefined) this.#presences.delete(event.subject);
  }

  has(id: string): boolean {
    return this.#events.has(id);
  }

  isUndone(id: string): boolean {
    return this.#undone.has(id);
  }

  wasShown(presentation: string): boolean {
    return this.#shown.has(presentation);
  }

  /** Return what is known of a subject. */
  of(subject: string): Presence {
    const known = this.#presences.get(subject);
    if (known !== undefined) return known;
    const found = presence((this.#subjects.get(subject) ?? []).filter(({ id }) => !this.#undone.has(id)));
    this.#presences.set(subject, found);
    return found;
  }

  /** Return the check-ins that were not undone, in no order. */
  checkIns(): CheckIn[] {
    return [...this.#events.values()].filter(({ id }) => !this.#undone.has(id));
  }

  /** Return the subjects of those check-ins. */
  subjects(): string[] {
    return [...new Set(this.checkIns().map(({ subject }) => subject))];
  }
}

/** Return a set of these events. */
export function index(events: Iterable<Event>): CheckIns {
  const checkIns = new CheckIns();
  for (const event of events) checkIns.add(event);
  return checkIns;
}

/**
 * Return what one subject's entries and exits say. In a conflict the earlier entry wins, by time and then by id.
 *
 * Where entries have no bound, as for an identity, there is none: people forget to show their code when they leave.
 */
export function presence(events: readonly CheckIn[]): Presence {
  if (events.length === 0) return NOBODY;
  let inside = false;
  const entries: CheckIn[] = [];
  const conflicts: Conflict[] = [];
  for (const event of events.toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))) {
    if (event.way === 'in') {
      const before = entries.at(-1);
      const over = entries.length >= event.max;
      if (before !== undefined && event.max > 0 && (inside || over) && !event.override)
        conflicts.push({ kind: inside ? 'double' : 'over', winner: before.id, loser: event.id });
      entries.push(event);
    }
    inside = event.way === 'in';
  }
  return { inside, entries: entries.length, first: entries[0] ?? null, conflicts };
}
