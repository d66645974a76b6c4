/** Something that takes a while and may fail: one tap, one honest outcome. */
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

import { problemText } from '../text/index.ts';

export interface Task {
  busy: boolean;
  /** The problem's code when the last run failed. */
  problem: string | null;
  run(work: () => Promise<void>): void;
}

/** Return a task: it runs one piece of work at a time and keeps the code of what went wrong. */
export function useTask(): Task {
  const busy = useSignal(false);
  const problem = useSignal<string | null>(null);
  return {
    busy: busy.value,
    problem: problem.value,
    run(work) {
      if (busy.peek()) return;
      busy.value = true;
      problem.value = null;
      work()
        .catch((error: unknown) => (problem.value = codeOf(error)))
        .finally(() => (busy.value = false));
    },
  };
}

/** Return the stable code that a failure carries, or `internal` for one that nobody foresaw. */
export function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  reportError(error);
  return 'internal';
}

/** Says what went wrong, where it went wrong, until the next try. */
export function ProblemBox({ code, children }: { code: string | null; children?: ComponentChildren }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (code !== null) box.current?.scrollIntoView({ block: 'nearest' });
  }, [code]);
  return (
    <div role="alert" ref={box}>
      {code !== null && (
        <div class="notice bad">
          <p>{problemText(code)}</p>
          {children}
        </div>
      )}
    </div>
  );
}

interface ButtonProps {
  onPress: () => void;
  look?: 'main' | 'second' | 'quiet' | 'danger';
  busy?: boolean;
  children: ComponentChildren;
}

/** A button that says it is busy instead of vanishing; a second tap meanwhile does nothing. */
export function Button({ onPress, look = 'main', busy = false, children }: ButtonProps) {
  return (
    <button
      type="button"
      class={`button ${look}`}
      aria-disabled={busy}
      onClick={() => {
        if (!busy) onPress();
      }}
    >
      {children}
    </button>
  );
}
