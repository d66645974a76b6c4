import { useEffect, useRef } from 'preact/hooks';

import { text } from '../text/index.ts';
import { navigate } from './router.tsx';

export interface Mistake {
  /** The id of the input to go to. */
  id: string;
  message: string;
  /** The address of the screen that has it, when that is another one. */
  href?: string;
}

/** What must be mended before going on, each a link to its question. It takes the focus at each `attempt`. */
export function ErrorSummary({ mistakes, attempt }: { mistakes: readonly Mistake[]; attempt: number }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (attempt > 0) box.current?.focus();
  }, [attempt]);
  if (mistakes.length === 0) return null;
  return (
    <div class="notice bad" role="alert" tabIndex={-1} ref={box} aria-labelledby="error-summary">
      <h2 id="error-summary">{text('errors.title')}</h2>
      <ul>
        {mistakes.map(({ id, message, href }) => (
          <li key={id}>
            <a
              href={href ?? `#${id}`}
              onClick={(event) => {
                event.preventDefault();
                if (href === undefined) goTo(id);
                else navigate(href);
              }}
            >
              {message}
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Put the focus on an input, and its whole question into view. */
export function goTo(id: string): void {
  const input = document.getElementById(id);
  (input?.closest('.field') ?? input)?.scrollIntoView();
  input?.focus({ preventScroll: true });
}
