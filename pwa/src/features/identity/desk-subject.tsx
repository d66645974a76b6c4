import { useSignal } from '@preact/signals';

import { now } from '../../data/clock.ts';
import { text } from '../../text/index.ts';
import type { Key } from '../../text/index.ts';
import { Scanner } from '../../ui/scan/scanner.tsx';
import type { StepProps } from './desk.tsx';
import { NO_CARD, readSubject } from './desk-model.ts';

/** Step 1: scan the code that the resident's app shows. */
export function SubjectStep({ officer, put, next }: StepProps) {
  const wrong = useSignal<Key | null>(null);
  function read(seen: string): void {
    const found = readSubject(seen, { now: now(), officer: officer.id });
    if (typeof found === 'string') {
      wrong.value = found;
      return;
    }
    put({ subject: found, card: NO_CARD, carded: false, photo: null, compared: false });
    next();
  }
  return (
    <>
      <p class="lead">{text('verify.subject.body')}</p>
      <div role="alert">
        {wrong.value !== null && (
          <div class="notice bad">
            <p>{text(wrong.value)}</p>
          </div>
        )}
      </div>
      <Scanner onText={read} />
      <p class="soft">{text('verify.subject.where')}</p>
    </>
  );
}
