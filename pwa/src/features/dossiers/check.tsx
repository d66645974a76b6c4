/** Checks that this phone makes by itself, shown as they turn out. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

import { problemText, text } from '../../text/index.ts';
import type { Key } from '../../text/index.ts';
import { codeOf } from '../../ui/task.tsx';

export interface Outcome {
  what: Key;
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
        if (current) outcomes.value = [{ what: 'check.failed', holds: null, found: problemText(codeOf(error)) }];
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
      {outcomes.map((outcome) => (
        <OutcomeRow key={outcome.what} {...outcome} />
      ))}
    </ul>
  );
}

function OutcomeRow({ what, holds, found }: Outcome) {
  const { look, mark, said } = holds === null ? MARKS.unknown : MARKS[holds ? 'yes' : 'no'];
  return (
    <li class={look}>
      <span class="mark" aria-hidden="true">
        {mark}
      </span>
      <span>
        <span class="visually-hidden">{text(said)}: </span>
        {text(what)}
        {found !== undefined && <span class="row-detail">{found}</span>}
      </span>
    </li>
  );
}

const MARKS = {
  yes: { look: 'yes', mark: '✓', said: 'check.yes' },
  no: { look: 'no', mark: '✕', said: 'check.no' },
  unknown: { look: 'unknown', mark: '–', said: 'check.unknown' },
} as const;
