/** /gate/exchange: two phones with no network at all tell each other who came in, by codes and camera. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

import { CodeError } from '../../codes/base.ts';
import { joinChunk, joinedBytes } from '../../codes/chunks.ts';
import type { Joined } from '../../codes/chunks.ts';
import { paired } from '../../data/pack.ts';
import { count, problemText, text } from '../../text/index.ts';
import type { Key } from '../../text/index.ts';
import { Page } from '../../ui/page.tsx';
import { Qr } from '../../ui/qr.tsx';
import { Scanner } from '../../ui/scan/scanner.tsx';
import { Button, codeOf, ProblemBox } from '../../ui/task.tsx';
import { useAwake } from './awake.ts';
import { Notice } from './scan.tsx';
import { ownCodes, take } from './share.ts';
import { announce } from './signal.ts';
import { watch } from './watch.ts';

export function Exchange() {
  useAwake();
  const side = useSignal<'give' | 'take'>('give');
  if (paired.value === null) {
    return <Notice title="gate.unpaired" body="gate.unpaired.body" href="/gate/pair" action="gate.unpaired.action" />;
  }
  return (
    <Page title={text('exchange.title')} back={{ href: '/gate/log', label: text('exchange.back') }}>
      <p>{text('exchange.lead')}</p>
      <fieldset class="ways-toggle halves">
        <legend class="visually-hidden">{text('exchange.choose')}</legend>
        {(['give', 'take'] as const).map((each) => (
          <label key={each}>
            <input type="radio" name="side" checked={side.value === each} onChange={() => (side.value = each)} />
            {text(`exchange.${each}`)}
          </label>
        ))}
      </fieldset>
      {side.value === 'give' ? <Give /> : <Take />}
    </Page>
  );
}

/** Each code stands long enough to be read, and changes too seldom to flicker (WCAG 2.3.1). */
const PACE = 450;

function Give() {
  const shown = useSignal<{ codes: string[]; n: number } | null>(null);
  const at = useSignal(0);
  const paused = useSignal(false);
  const problem = useSignal<string | null>(null);
  useEffect(() => {
    void watch()
      .then(ownCodes)
      .then((found) => (shown.value = found))
      .catch((error: unknown) => (problem.value = codeOf(error)));
  }, []);
  const all = shown.value?.codes.length ?? 0;
  const moves = all > 1 && !paused.value;
  useEffect(() => {
    if (!moves) return;
    const timer = setInterval(() => (at.value = (at.value + 1) % all), PACE);
    return () => clearInterval(timer);
  }, [moves, all]);
  if (problem.value !== null) return <ProblemBox code={problem.value} />;
  if (shown.value === null) return <p class="soft">{text('exchange.give.preparing')}</p>;
  const code = shown.value.codes[at.value];
  if (code === undefined) return <p class="notice">{text('exchange.give.none')}</p>;
  return (
    <>
      <p>{count('exchange.give.body', shown.value.n, { codes: all })}</p>
      <div class="cycling" data-testid="give">
        <Qr text={code} label={text('exchange.give.label', { at: at.value + 1, all })} />
        <p aria-hidden="true">
          {at.value + 1}/{all}
        </p>
        {all > 1 && (
          <Button look="second" onPress={() => (paused.value = !paused.value)}>
            {text(paused.value ? 'exchange.give.play' : 'exchange.give.pause')}
          </Button>
        )}
      </div>
    </>
  );
}

type Outcome =
  | { sort: 'reading'; joined: Joined | null; note: string | null }
  | { sort: 'done'; fresh: number }
  | { sort: 'failed'; message: string };

const NOTHING: Outcome = { sort: 'reading', joined: null, note: null };

function Take() {
  const outcome = useSignal<Outcome>(NOTHING);
  const turn = useSignal(0);
  const state = outcome.value;
  useEffect(() => void watch(), []);

  async function read(code: string): Promise<void> {
    const before = outcome.peek();
    if (before.sort !== 'reading') return;
    try {
      const joined = joinChunk(before.joined, code);
      // Another set has begun; those of its codes that were read before must be read again.
      if (before.joined !== null && joined.set !== before.joined.set) turn.value += 1;
      outcome.value = { sort: 'reading', joined, note: null };
      const data = await joinedBytes(joined);
      if (data === null) return;
      const fresh = await take(data);
      outcome.value = { sort: 'done', fresh };
      announce('admit');
    } catch (error) {
      if (error instanceof CodeError && error.reason === 'not_a_code') {
        outcome.value = { ...before, note: text('exchange.take.not') };
        return;
      }
      outcome.value = { sort: 'failed', message: messageOf(error) };
      announce('refuse');
    }
  }
  function again(): void {
    outcome.value = NOTHING;
    turn.value += 1;
  }
  return (
    <>
      <p>{text('exchange.take.body')}</p>
      {state.sort === 'reading' ? (
        <>
          <Scanner onText={(code) => void read(code)} turn={turn.value} />
          <Progress joined={state.joined} />
          {state.note !== null && (
            <p class="notice wait" role="alert">
              {state.note}
            </p>
          )}
        </>
      ) : (
        <>
          <div
            class={state.sort === 'done' ? 'notice' : 'notice bad'}
            role={state.sort === 'done' ? 'status' : 'alert'}
            data-testid="taken"
          >
            <p>{state.sort === 'failed' ? state.message : takenText(state.fresh)}</p>
          </div>
          <Button look="second" onPress={again}>
            {text('exchange.take.again')}
          </Button>
        </>
      )}
    </>
  );
}

function Progress({ joined }: { joined: Joined | null }) {
  const [got, all] = joined === null ? [0, 0] : [joined.parts.size, joined.count];
  const line = joined === null ? text('exchange.take.wait') : text('exchange.take.progress', { got, all });
  return (
    <>
      <div class="meter" aria-hidden="true">
        <svg viewBox="0 0 100 1" preserveAspectRatio="none">
          <rect width={all === 0 ? 0 : (100 * got) / all} height="1" />
        </svg>
      </div>
      <p role="status" data-testid="progress">
        {line}
      </p>
    </>
  );
}

function takenText(fresh: number): string {
  return fresh === 0 ? text('exchange.take.nothing') : count('exchange.take.done', fresh);
}

function messageOf(error: unknown): string {
  if (!(error instanceof CodeError)) return problemText(codeOf(error));
  if (error.reason === 'unknown_issuer') return text('exchange.take.unknown');
  return text('exchange.take.failed', { reason: text(`reason.${error.reason}` as Key) });
}
