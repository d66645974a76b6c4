import { useSignal } from '@preact/signals';
import type { ReadonlySignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

import { fileOf } from '../../../data/uploads.ts';
import { codeOf } from '../../../ui/task.tsx';
import type { FileAnswer } from '../rules/form.ts';

/** A file to be shown: its address in memory, or the code of why there is none. */
export interface Shown {
  url: string | null;
  problem: string | null;
}

/** Return a file's address, which is given back when the screen goes. With `wanted` false it is not fetched yet. */
export function useFile({ sha256, name, type }: FileAnswer, wanted = true): ReadonlySignal<Shown> {
  const shown = useSignal<Shown>({ url: null, problem: null });
  useEffect(() => {
    if (!wanted) return;
    let url: string | null = null;
    let gone = false;
    fileOf(sha256, { name, type }).then(
      (blob) => {
        if (gone) return;
        url = blob === null ? null : URL.createObjectURL(blob);
        shown.value = { url, problem: blob === null ? 'file_elsewhere' : null };
      },
      (error: unknown) => {
        if (!gone) shown.value = { url: null, problem: codeOf(error) };
      },
    );
    return () => {
      gone = true;
      if (url !== null) URL.revokeObjectURL(url);
    };
  }, [sha256, wanted]);
  return shown;
}
