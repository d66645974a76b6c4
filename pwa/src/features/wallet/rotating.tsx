/** Codes that this phone signs while they are shown: bright, awake, and new every 15 seconds. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

import type { Challenge } from '../../codes/challenge.ts';
import { ANYWHERE, presentationText } from '../../codes/presentation.ts';
import { now } from '../../data/clock.ts';
import { signWith } from '../../data/holders.ts';
import { text } from '../../text/index.ts';
import { Qr } from '../../ui/qr.tsx';
import { codeOf, ProblemBox } from '../../ui/task.tsx';
import { keepAwake } from './awake.ts';
import { placeName } from './known.ts';
import type { Held } from './model.ts';
import '../../ui/style/code.css';

/** Seconds for which one code is shown. A guard takes it for 30 (see the verdict's rules). */
const PERIOD = 15;

/** A code without a question: made for an invitation's own place, or, as an identity, for any. */
export function QuickCode({ held }: { held: Held }) {
  const code = useSignal<string | null>(null);
  const problem = useSignal<string | null>(null);
  const left = useSignal(PERIOD);
  useEffect(keepAwake, []);
  useEffect(() => {
    let made = -Infinity;
    let open = true;
    const tick = (): void => {
      const age = Math.floor((performance.now() - made) / 1000);
      left.value = Math.max(0, PERIOD - age);
      if (age < PERIOD) return;
      made = performance.now();
      left.value = PERIOD;
      present(held, { audience: held.place === null ? ANYWHERE : String(held.place), challenge: null }).then(
        (fresh) => open && (code.value = fresh),
        (error: unknown) => (problem.value = codeOf(error)),
      );
    };
    // A hidden page's timers sleep; what it shows when it comes back must be fresh at once.
    document.addEventListener('visibilitychange', tick);
    const timer = setInterval(tick, 500);
    tick();
    return () => {
      open = false;
      clearInterval(timer);
      document.removeEventListener('visibilitychange', tick);
    };
  }, [held.id]);
  return (
    <>
      <ProblemBox code={problem.value} />
      {code.value !== null && (
        <figure class="shown-code" data-testid="presentation" data-code={code.value}>
          <Qr text={code.value} label={text('present.code')} />
          <figcaption>
            <progress max={PERIOD} value={left.value} aria-hidden="true" />
            <span>{text('present.next', { n: left.value })}</span>
          </figcaption>
        </figure>
      )}
      <p class="soft small">{text('present.awake')}</p>
    </>
  );
}

/** The answer to a guard's question. It needs no clock and works once. */
export function AnswerCode({ held, challenge }: { held: Held; challenge: Challenge }) {
  const code = useSignal<string | null>(null);
  const problem = useSignal<string | null>(null);
  useEffect(keepAwake, []);
  useEffect(() => {
    present(held, { audience: String(challenge.place), challenge: challenge.nonce }).then(
      (made) => (code.value = made),
      (error: unknown) => (problem.value = codeOf(error)),
    );
  }, [held.id, challenge.nonce]);
  return (
    <>
      <ProblemBox code={problem.value} />
      {code.value !== null && (
        <figure class="shown-code" data-testid="presentation" data-code={code.value}>
          <Qr text={code.value} label={text('present.code')} />
          <figcaption>
            <strong>{text('present.answer', { place: placeName(challenge.place) })}</strong>
            <span>{text('present.answer.once')}</span>
          </figcaption>
        </figure>
      )}
    </>
  );
}

function present(held: Held, { audience, challenge }: { audience: string; challenge: string | null }): Promise<string> {
  const draft = { issuer: held.issuer, audience, iat: Math.floor(now() / 1000), challenge };
  return presentationText(draft, (input) => signWith(held.id, input));
}
