/** /gate/pair: where this phone stands, and whether it could work there without a network from now on. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

import { me } from '../../data/account.ts';
import { isSure, trusted } from '../../data/clock.ts';
import { keepWholeApp } from '../../data/offline.ts';
import { moveTo, openGate, packProgress, packState, pair, paired } from '../../data/pack.ts';
import { local, text } from '../../text/index.ts';
import type { Key } from '../../text/index.ts';
import { moment } from '../../text/time.ts';
import { OneOf } from '../../ui/choice.tsx';
import { ErrorSummary } from '../../ui/errors.tsx';
import type { Mistake } from '../../ui/errors.tsx';
import { Empty } from '../../ui/list.tsx';
import { Page } from '../../ui/page.tsx';
import { Link } from '../../ui/router.tsx';
import { Button, ProblemBox, useTask } from '../../ui/task.tsx';
import { guardedPlaces } from './guard-known.ts';
import { Notice } from './scan.tsx';
import { bytesText } from './bytes.ts';
import { heldPack, watch } from './watch.ts';

export function Pair() {
  const mine = me.value;
  if (mine?.role !== 'guard' && mine?.role !== 'officer') return <Notice title="gate.guards" body="gate.guards.body" />;
  if (mine.device === null) {
    return <Notice title="gate.unbound" body="gate.unbound.body" href="/start" action="gate.unbound.action" />;
  }
  return <Choose unit={mine.unit ?? ''} />;
}

function Choose({ unit }: { unit: string }) {
  const places = guardedPlaces();
  const now = paired.value;
  const place = useSignal(now === null ? null : String(now.place));
  const bit = useSignal(now === null ? null : String(now.bit));
  const mistakes = useSignal<readonly Mistake[]>([]);
  const attempt = useSignal(0);
  const task = useTask();
  useEffect(() => void openGate(), []);
  // One place is no choice.
  const [only] = places;
  if (place.value === null && places.length === 1 && only !== undefined) place.value = String(only.number);
  const at = places.find(({ number }) => String(number) === place.value);
  const gates = at?.gates ?? [];
  const gate = gates.find((each) => String(each.bit) === bit.value);

  function go(): void {
    const missing: (Mistake | false)[] = [
      at === undefined && { id: 'place', message: text('pair.missing.place') },
      at !== undefined && gate === undefined && { id: 'gate', message: text('pair.missing.gate') },
    ];
    mistakes.value = missing.filter((each) => each !== false);
    attempt.value += 1;
    if (at === undefined || gate === undefined) return;
    task.run(async () => {
      // What was fetched is good for every gate of the unit.
      if (paired.peek()?.unit === unit && packState.peek() !== null) await moveTo(at.number, gate.bit, gate.name);
      await pair({ unit, place: at.number, bit: gate.bit, name: gate.name });
    });
  }
  const errorAt = (id: string) => mistakes.value.find((each) => each.id === id)?.message;
  return (
    <Page title={text('pair.title')} wrong={mistakes.value.length > 0}>
      {now !== null && <Ready />}
      {now === null ? <p class="lead">{text('pair.lead')}</p> : <h2>{text('gate.change')}</h2>}
      {places.length === 0 ? (
        <Empty title={text('pair.none')}>
          <p>{text('pair.none.body')}</p>
        </Empty>
      ) : (
        <>
          <ErrorSummary mistakes={mistakes.value} attempt={attempt.value} />
          <OneOf
            id="place"
            label={text('pair.place')}
            error={errorAt('place')}
            choices={places.map(({ number, name }) => ({ name: String(number), label: local(name) }))}
            value={place.value}
            onChoose={(chosen) => {
              if (chosen !== place.value) bit.value = null;
              place.value = chosen;
            }}
          />
          {at !== undefined && (
            <OneOf
              id="gate"
              label={text('pair.gate')}
              error={errorAt('gate')}
              choices={gates.map((each) => ({ name: String(each.bit), label: local(each.name) }))}
              value={bit.value}
              onChoose={(chosen) => (bit.value = chosen)}
            />
          )}
          <ProblemBox code={task.problem} />
          <Progress />
          <div class="actions">
            <Button busy={task.busy} look={now === null ? 'main' : 'second'} onPress={go}>
              {text(now === null ? 'pair.action' : 'pair.again')}
            </Button>
          </div>
        </>
      )}
    </Page>
  );
}

/** How many bytes have come; how many will come, nobody knows. */
function Progress() {
  const got = packProgress.value;
  return (
    <p role="status" class="pair-progress">
      {got === null ? '' : text('pair.loading', { got: bytesText(got) })}
    </p>
  );
}

/** What it takes to work without a network, each by itself, and what it comes to. */
function Ready() {
  const app = useSignal<boolean | null>(null);
  useEffect(() => {
    void watch();
    void keepWholeApp().then((kept) => (app.value = kept));
  }, [packState.value?.fetchedAt]);
  const time = trusted();
  const checks: (readonly [Key, boolean | null])[] = [
    ['pair.check.device', me.value?.device != null],
    ['pair.check.pack', packState.value !== null],
    ['pair.check.trust', heldPack.value !== null],
    ['pair.check.time', time !== null && isSure(time)],
    ['pair.check.app', app.value],
  ];
  const holds = checks.every(([, each]) => each === true);
  const running = checks.some(([, each]) => each === null);
  const state = packState.value;
  return (
    <section class={holds || running ? 'card gate-ready' : 'notice wait gate-ready'} aria-labelledby="ready">
      <div role="status">
        <h2 id="ready" data-testid="ready">
          {text(holds ? 'pair.ready' : running ? 'pair.check.running' : 'pair.ready.not')}
        </h2>
      </div>
      <ul class="checks">
        {checks.map(([key, each]) => (
          <li key={key} class={each === true ? 'yes' : each === false ? 'no' : undefined}>
            <span class="mark" aria-hidden="true">
              {each === true ? '✓' : each === false ? '✕' : '–'}
            </span>
            <span>
              <span class="visually-hidden">
                {text(each === true ? 'pair.check.yes' : each === false ? 'pair.check.no' : 'pair.check.running')}:{' '}
              </span>
              {text(key)}
            </span>
          </li>
        ))}
      </ul>
      {state !== null && (
        <p class="soft small">
          {text('pair.fetched', { time: moment(state.fetchedAt, state.fetchedAt), size: bytesText(state.bytes) })}
        </p>
      )}
      <p>
        <Link class="button main" href="/gate">
          {text('pair.start')}
        </Link>
      </p>
    </section>
  );
}
