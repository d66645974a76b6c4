/** What is typed on a screen: saved letter by letter, and shown as typed until the draft has it. */
import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';

import type { Value } from '../../../sync/canonical.ts';
import { writeAnswers } from '../share/write.ts';
import { createSaver } from './autosave.ts';
import type { Saving } from './autosave.ts';

export interface Edit {
  /** As it stands in the field. */
  readonly typed: string;
  readonly value: Value;
}

export interface Typing {
  /** By key of the draft, so that it keeps its place when another phone adds a row. */
  readonly edits: Readonly<Record<string, Edit>>;
  readonly saving: Saving;
  put(key: string, edit: Edit): void;
  /** Write a key that stands in no field, together with what is typed. */
  also(key: string, value: Value): void;
  /** The person left a field: once it is saved it shows what the draft holds. */
  leave(key: string): Promise<void>;
  /** From here on the field shows what the draft holds, and what waited to be saved is taken back. */
  drop(key: string): void;
  /** Save what waits; returns whether all is on this phone. */
  flush(): Promise<boolean>;
}

export function useTyping(draft: string): Typing {
  const edits = useSignal<Readonly<Record<string, Edit>>>({});
  const saver = useMemo(() => createSaver({ write: (values) => writeAnswers(draft, values) }), [draft]);
  useEffect(() => {
    const flush = () => void saver.flush();
    document.addEventListener('visibilitychange', flush);
    window.addEventListener('pagehide', flush);
    return () => {
      document.removeEventListener('visibilitychange', flush);
      window.removeEventListener('pagehide', flush);
      flush();
    };
  }, [saver]);
  function forget(key: string): void {
    edits.value = Object.fromEntries(Object.entries(edits.peek()).filter(([each]) => each !== key));
  }
  return {
    edits: edits.value,
    saving: saver.state.value,
    put(key, edit) {
      edits.value = { ...edits.peek(), [key]: edit };
      saver.put(key, edit.value);
    },
    also: (key, value) => saver.put(key, value),
    async leave(key) {
      await saver.flush();
      if (saver.state.peek() === 'saved') forget(key);
    },
    drop(key) {
      saver.drop(key);
      forget(key);
    },
    async flush() {
      await saver.flush();
      return saver.state.peek() !== 'failed';
    },
  };
}
