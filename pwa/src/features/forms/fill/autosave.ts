/** Saving while a person types: soon after each letter, one write at a time, and never "saved" before it is. */
import { signal } from '@preact/signals';
import type { ReadonlySignal } from '@preact/signals';

import type { Value } from '../../../sync/canonical.ts';

export type Saving = 'idle' | 'saving' | 'saved' | 'failed';

export interface Saver {
  readonly state: ReadonlySignal<Saving>;
  /** Write `value` to `key` after the delay, together with what else is typed meanwhile. */
  put(key: string, value: Value): void;
  /** Write now what waits. Resolves when it is durable or has failed; what failed waits for the next time. */
  flush(): Promise<void>;
  /** Take back what waits for `key`. */
  drop(key: string): void;
}

interface Parts {
  write: (values: Record<string, Value>) => Promise<void>;
  delay?: number;
}

const DELAY_MS = 250;

export function createSaver({ write, delay = DELAY_MS }: Parts): Saver {
  const state = signal<Saving>('idle');
  let waiting: Record<string, Value> = {};
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last: Promise<void> = Promise.resolve();

  async function writeWaiting(): Promise<void> {
    const values = waiting;
    waiting = {};
    if (Object.keys(values).length === 0) return;
    try {
      await write(values);
      if (Object.keys(waiting).length === 0) state.value = 'saved';
    } catch (error) {
      waiting = { ...values, ...waiting };
      state.value = 'failed';
      reportError(error);
    }
  }

  function flush(): Promise<void> {
    clearTimeout(timer);
    last = last.then(writeWaiting);
    return last;
  }

  return {
    state,
    put(key, value) {
      waiting[key] = value;
      state.value = 'saving';
      clearTimeout(timer);
      timer = setTimeout(() => void flush(), delay);
    },
    flush,
    drop(key) {
      waiting = Object.fromEntries(Object.entries(waiting).filter(([each]) => each !== key));
    },
  };
}
