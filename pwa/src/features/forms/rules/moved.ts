/** What becomes of answers when a draft moves to another version of its form. */
import { empty, isPlain, memberOf } from './answers.ts';
import type { Moment } from './asking.ts';
import { evaluate } from './evaluation.ts';
import type { Answers, Form, Question } from './form.ts';
import { isComputed, isRepeat, structureOf, takesAnswer } from './structure.ts';

/**
 * - kept: `same`, or `reworded` when the question now reads otherwise;
 * - changed, it needs another look: `type`, `choice`, `constraint`, `file` no longer fit, or it is `computed` now;
 * - dropped: the question is `gone`, stands in other rows (`rows`), or does not apply (`irrelevant`).
 */
export type Why =
  | 'same'
  | 'reworded'
  | 'type'
  | 'choice'
  | 'constraint'
  | 'file'
  | 'computed'
  | 'gone'
  | 'rows'
  | 'irrelevant';

export interface Move {
  readonly path: string;
  readonly fate: 'kept' | 'changed' | 'dropped';
  readonly why: Why;
}

const BY_CODE: Partial<Record<string, Why>> = {
  answer_type: 'type',
  answer_choice: 'choice',
  answer_constraint: 'constraint',
  answer_file: 'file',
};

/** Return the fate of every answer that somebody gave, in the order of the form that they were given to. */
export function moved(from: Form, to: Form, answers: Answers, at: Moment, seed = ''): Move[] {
  const old = structureOf(from);
  const next = structureOf(to);
  const judged = evaluate(to, answers, at, seed);
  const moves: Move[] = [];
  const read = (repeat: string, given: Answers, prefix: string): void => {
    for (const name of old.within.get(repeat) ?? []) {
      const part = old.parts.get(name);
      const answer = memberOf(given, name);
      if (part === undefined || !takesAnswer(part) || empty(answer)) continue;
      const path = prefix + name;
      if (!isRepeat(part)) {
        if (!isComputed(part)) moves.push(fateOf(part, path));
      } else if (Array.isArray(answer)) {
        for (const [index, row] of answer.entries()) if (isPlain(row)) read(name, row, `${path}[${index + 1}]/`);
      }
    }
  };
  const fateOf = (before: Question, path: string): Move => {
    const after = next.questions.get(before.name);
    if (after === undefined || after.type === 'note') return { path, fate: 'dropped', why: 'gone' };
    if (old.repeats.get(before.name)?.join() !== next.repeats.get(before.name)?.join())
      return { path, fate: 'dropped', why: 'rows' };
    if (!judged.relevant.has(path)) return { path, fate: 'dropped', why: 'irrelevant' };
    if (isComputed(after)) return { path, fate: 'changed', why: 'computed' };
    const why = BY_CODE[judged.problems.get(path) ?? ''];
    if (why !== undefined) return { path, fate: 'changed', why };
    return { path, fate: 'kept', why: reads(before) === reads(after) ? 'same' : 'reworded' };
  };
  read('', answers, '');
  return moves;
}

/** Whether anything is lost or needs another look. */
export const disturbs = (moves: readonly Move[]): boolean => moves.some(({ fate }) => fate !== 'kept');

const reads = ({ label, hint, type }: Question): string => JSON.stringify([type, label, hint]);

