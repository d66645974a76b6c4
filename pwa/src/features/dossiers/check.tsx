/** Checks that this phone makes by itself, shown as they turn out. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

import { text } from '../../text/index.ts';
import type { Key } from '../../text/index.ts';
import { codeOf } from '../../ui/task.tsx';

export interface Outcome {
  key: Key;
  /** Null when this phone has not what it takes to tell. */
  holds: boolean | null;
  /** More of what was found. */
  found?: string;
}

/** Run `work` whenever `about` changes; null until it is done. */
export function useOutcomes(about: string, work: () => Promise<Outcome[]>): readonly Outcome[] | null {
  const outcomes = useSignal<readonly Outcome[] | null>(null);
  useEffect(() => {
    let current = true;
    work().then(
      (found) => {
        if (current) outcomes.value = found;
      },
      (error: unknown) => {
        if (current) outcomes.value = [{ key: 'check.failed', holds: false, found: codeOf(error) }];
      },
    );
    return () => {
      current = false;
    };
  }, [about]);
  return outcomes.value;
}

export function Outcomes({ outcomes }: { outcomes: readonly Outcome[] | null }) {
  if (outcomes === null) return <p class="soft">{text('check.running')}</p>;
  return (
    <ul class="checks">
      {outcomes.map(({ key, holds, found }) => (
        <li key={key} class={holds === true ? 'yes' : holds === false ? 'no' : undefined}>
          <span class="mark" aria-hidden="true">
            {holds === true ? '✓' : holds === false ? '✕' : '–'}
          </span>
          <span>
            <span class="visually-hidden">{text(holds === true ? 'check.yes' : holds === false ? 'check.no' : 'check.unknown')}: </span>
            {text(key)}
            {found !== undefined && <span class="row-detail">{found}</span>}
          </span>
        </li>
      ))}
    </ul>
  );
}
