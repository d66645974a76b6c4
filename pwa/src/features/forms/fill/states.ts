import type { Key } from '../../../text/index.ts';
import type { Tone } from '../../../ui/list.tsx';
import type { State } from './progress.ts';

/** How each state of a page or a row is said and looks. */
export const STATES: Readonly<Record<State, { key: Key; tone: Tone }>> = {
  settle: { key: 'task.settle', tone: 'wait' },
  done: { key: 'task.done', tone: 'good' },
  started: { key: 'task.started', tone: 'wait' },
  untouched: { key: 'task.untouched', tone: 'plain' },
  optional: { key: 'task.optional', tone: 'plain' },
};
