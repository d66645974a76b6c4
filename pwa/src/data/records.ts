/** The only door to records: read them as signals, change them with `change`. */

import { batch, type ReadonlySignal, signal, type Signal } from '@preact/signals';

import type { Value } from '../sync/canonical.ts';
import { Invalid } from '../sync/limits.ts';
import * as record_ from '../sync/record.ts';
import type { Head } from '../sync/register.ts';
import { now } from './clock.ts';
import { type Base, type Name, reading, type Unsent, writing } from './db.ts';
import { uuid7 } from './ids.ts';
import { wakeSoon } from './loop.ts';
import { neededBy } from './needs.ts';
import { look, type Look, put, shownState } from './outbox.ts';
import { keepStorage } from './persist.ts';
import { Problem } from './problem.ts';
import { tell } from './tabs.ts';
import { isShut } from './vault.ts';

/** A record as it is shown: what the server has, joined with this phone's own unsent changes (SPEC.md F7). */
export interface RecordView {
  kind: string;
  id: string;
  state: record_.State;
  /** What each key shows; removed ones are left out. */
  values: Record<string, Value>;
  /** The other heads of each key that has any: another's words, which wait for a person to choose. */
  conflicts: Record<string, readonly Head[]>;
  /** It has changes that the server has not acknowledged yet. */
  unsent: boolean;
  /** Files (SHA-256) for which some of them wait. */
  needs: readonly string[];
}

const ofName = new Map<string, Signal<RecordView | undefined>>();
const ofKind = new Map<string, Signal<readonly RecordView[]>>();
let painting: Promise<void> = Promise.resolve();

export function record(kind: string, id: string): ReadonlySignal<RecordView | undefined> {
  return recordSignal(kind, id);
}

/** The records of a kind, newest id last. */
export function records(kind: string): ReadonlySignal<readonly RecordView[]> {
  return kindSignal(kind);
}

/**
 * Write values into a record as one who sees what is shown; `null` removes (SPEC.md R9).
 * Resolves when it is durable on this phone. Throws `Problem`, and then nothing was written.
 */
export function change(kind: string, id: string, values: Record<string, Value>): Promise<void> {
  return changeAll([{ kind, id, values }]);
}

/** What is to be written into a record. The keys in `again` are written even if nothing changes by it (`put`). */
export interface Wanted {
  kind: string;
  id: string;
  values: Record<string, Value>;
  again?: readonly string[];
}

/** Do what `change` does to several records: all of it, or nothing. */
export async function changeAll(wanted: readonly Wanted[]): Promise<void> {
  const at = now();
  try {
    await writing(async (tx) => {
      // What is written together goes together: no draft is said to be sent before what was sent.
      const needs = await neededBy(tx, wanted.map(({ values }) => values));
      for (const { kind, id, values, again = [] } of wanted) await put(tx, [kind, id], values, at, { needs, again });
    });
  } catch (error) {
    if (error instanceof Invalid) throw new Problem(error.code, false, error.message);
    if (error instanceof DOMException) throw new Problem('storage', true, error.message);
    throw error;
  }
  await tell({ records: wanted.map(({ kind, id }): Name => [kind, id]), account: false });
  wakeSoon();
  void keepStorage();
}

/** Return a new id for a record. */
export function newId(): string {
  return uuid7(now(), crypto.getRandomValues(new Uint8Array(10)));
}

/** Read all records from the database. */
export function paintAll(): Promise<void> {
  return inTurn(async () => {
    const { bases, unsent } = await reading(async (tx) => ({
      bases: await tx.objectStore('base').getAll(),
      unsent: await tx.objectStore('changes').getAll(),
    }));
    const parts = new Map<string, { name: Name; base: Base | undefined; unsent: Unsent[] }>();
    for (const base of bases.filter(({ kind }) => !isShut(kind))) {
      parts.set(`${base.kind}/${base.id}`, { name: [base.kind, base.id], base, unsent: [] });
    }
    for (const each of unsent.filter(({ kind }) => !isShut(kind))) {
      const key = `${each.kind}/${each.id}`;
      const part = parts.get(key) ?? { name: [each.kind, each.id], base: undefined, unsent: [] };
      part.unsent.push(each);
      parts.set(key, part);
    }
    const gone = [...ofName].filter(([key]) => !parts.has(key)).map(([, each]) => each.peek());
    const names = gone.flatMap((view): [Name, undefined][] => (view ? [[[view.kind, view.id], undefined]] : []));
    show([...names, ...[...parts.values()].map(({ name, ...part }): Shown => [name, view(name, part)])]);
  });
}

/** Read these records from the database again. */
export function paint(names: readonly Name[]): Promise<void> {
  if (names.length === 0) return painting;
  return inTurn(async () => {
    const found = await reading((tx) =>
      Promise.all(names.map(async (name) => (isShut(name[0]) ? undefined : look(tx, name)))),
    );
    show(names.map((name, index): Shown => [name, view(name, found[index])]));
  });
}

type Shown = readonly [Name, RecordView | undefined];

/** One after the other: a slow read must not put older things over newer ones. */
function inTurn(job: () => Promise<void>): Promise<void> {
  const turn = painting.then(job);
  painting = turn.catch(() => undefined); // whoever asked for it is told
  return turn;
}

function view([kind, id]: Name, part: Pick<Look, 'base' | 'unsent'> | undefined): RecordView | undefined {
  if (part === undefined || isShut(kind) || (part.base === undefined && part.unsent.length === 0)) return undefined;
  const state = shownState(part.base, part.unsent);
  const needs = [...new Set(part.unsent.flatMap((each) => each.needs))];
  const [values, conflicts] = [record_.shown(state), record_.conflicts(state)];
  return { kind, id, state, values, conflicts, unsent: part.unsent.length > 0, needs };
}

function show(changed: readonly Shown[]): void {
  const byKind = new Map<string, Map<string, RecordView | undefined>>();
  for (const [[kind, id], shown] of changed) {
    byKind.set(kind, (byKind.get(kind) ?? new Map<string, RecordView | undefined>()).set(id, shown));
  }
  batch(() => {
    for (const [[kind, id], shown] of changed) recordSignal(kind, id).value = shown;
    for (const [kind, ids] of byKind) {
      const others = kindSignal(kind).peek().filter(({ id }) => !ids.has(id));
      const views = [...others, ...[...ids.values()].filter((each) => each !== undefined)];
      kindSignal(kind).value = views.sort((a, b) => (a.id < b.id ? -1 : 1));
    }
  });
}

function recordSignal(kind: string, id: string): Signal<RecordView | undefined> {
  const key = `${kind}/${id}`;
  const known = ofName.get(key) ?? signal<RecordView | undefined>(undefined);
  ofName.set(key, known);
  return known;
}

function kindSignal(kind: string): Signal<readonly RecordView[]> {
  const known = ofKind.get(kind) ?? signal<readonly RecordView[]>([]);
  ofKind.set(kind, known);
  return known;
}
