/** /gate: the camera is open, people go past, and each code gets its verdict. */
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';

import { me } from '../../data/account.ts';
import { paired } from '../../data/pack.ts';
import { local, text } from '../../text/index.ts';
import { clockTime } from '../../text/time.ts';
import { Page } from '../../ui/page.tsx';
import { Link } from '../../ui/router.tsx';
import { Scanner } from '../../ui/scan/scanner.tsx';
import { useKeyboardWedge } from '../../ui/scan/wedge.ts';
import { Button, codeOf, ProblemBox } from '../../ui/task.tsx';
import { useAwake } from './awake.ts';
import { challenge, setAsking } from './challenge.ts';
import { ConflictLine } from './conflicts.tsx';
import { Freshness } from './freshness.tsx';
import { placeName } from './guard-known.ts';
import { judge, undo } from './judge.ts';
import type { Judged } from './judge.ts';
import { Manual } from './manual.tsx';
import { Outcome } from './outcome.tsx';
import { Question } from './question.tsx';
import { nameOf } from './said.ts';
import { UndoSheet } from './sheets.tsx';
import { announce, unlock } from './signal.ts';
import { GateTools, WaysToggle } from './tools.tsx';
import { watch } from './watch.ts';

export function Scan() {
  const mine = me.value;
  if (mine?.role !== 'guard' && mine?.role !== 'officer') return <Notice title="gate.guards" body="gate.guards.body" />;
  if (mine.device === null) {
    return <Notice title="gate.unbound" body="gate.unbound.body" href="/start" action="gate.unbound.action" />;
  }
  if (paired.value === null) {
    return <Notice title="gate.unpaired" body="gate.unpaired.body" href="/gate/pair" action="gate.unpaired.action" />;
  }
  return <Post />;
}

interface NoticeProps {
  title: 'gate.guards' | 'gate.unbound' | 'gate.unpaired';
  body: 'gate.guards.body' | 'gate.unbound.body' | 'gate.unpaired.body';
  href?: string;
  action?: 'gate.unbound.action' | 'gate.unpaired.action';
}

/** What is missing before anything can be scanned, and the one step to take. */
export function Notice({ title, body, href, action }: NoticeProps) {
  return (
    <Page title={text(title)}>
      <p class="lead">{text(body)}</p>
      {href !== undefined && action !== undefined && (
        <div class="actions">
          <Link class="button main" href={href}>
            {text(action)}
          </Link>
        </div>
      )}
    </Page>
  );
}

type Open = 'nothing' | 'manual' | 'undo';

function Post() {
  const shown = useSignal<Judged | null>(null);
  /** What was recorded last, so that it can still be taken back. */
  const last = useSignal<{ judged: Judged; undone: boolean } | null>(null);
  const open = useSignal<Open>('nothing');
  /** A form lies over the verdict. */
  const held = useSignal(false);
  const turn = useSignal(0);
  const problem = useSignal<string | null>(null);
  const asking = challenge.value !== null;
  const gate = paired.value;
  const heading = useRef<HTMLHeadingElement>(null);
  useAwake();
  useEffect(() => {
    void watch();
    unlock();
    document.title = `${text('gate.title')} – ${text('app.name')}`;
    heading.current?.focus({ preventScroll: true });
  }, []);

  function show(judged: Judged): void {
    shown.value = judged;
    if (judged.checkin !== null) last.value = { judged, undone: false };
  }
  async function take(code: string): Promise<void> {
    if (held.peek()) return;
    open.value = 'nothing';
    problem.value = null;
    try {
      const judged = await judge(code);
      if (judged === null) return;
      show(judged);
      announce(judged.unsaved !== null ? 'check' : LOOKS[judged.verdict.word]);
    } catch (error) {
      // Without a verdict nobody may think that there was one.
      problem.value = codeOf(error);
      announce('check');
    }
  }
  /** `again`: whatever is in view is read anew; after an ADMIT it must first have been out of view. */
  function goOn(again: boolean): void {
    shown.value = null;
    if (again) turn.value += 1;
  }
  useKeyboardWedge((code) => void take(code));

  if (gate === null) return null;
  return (
    <main id="main" class={asking ? 'page gate asking' : 'page gate'} onPointerDown={unlock}>
      <div class="gate-head">
        <h1 tabIndex={-1} ref={heading}>
          {local(gate.name)}
        </h1>
        <Link href="/gate/pair">{text('gate.change')}</Link>
        {!asking && <p>{placeName(gate.place)}</p>}
        <Freshness />
        <ConflictLine />
      </div>
      {asking && <Question place={gate.place} />}
      <Scanner
        onText={(code) => void take(code)}
        paused={held.value || open.value !== 'nothing'}
        turn={turn.value}
      />
      <ProblemBox code={problem.value} />
      {!asking && <WaysToggle />}
      <GateTools onManual={() => (open.value = 'manual')} />
      {!asking && last.value !== null && <Last {...last.value} onUndo={() => (open.value = 'undo')} />}
      {shown.value !== null && (
        <Outcome
          judged={shown.value}
          onHold={(now) => (held.value = now)}
          onJudged={show}
          onAgain={(code) => void take(code)}
          onAsk={() => {
            setAsking(true);
            goOn(false);
          }}
          onUndone={() => {
            if (last.value !== null) last.value = { ...last.value, undone: true };
            goOn(false);
          }}
          onContinue={() => goOn(shown.peek()?.checkin === null)}
        />
      )}
      {open.value === 'manual' && (
        <Manual onText={(code) => void take(code)} onClose={() => (open.value = 'nothing')} />
      )}
      {open.value === 'undo' && last.value !== null && (
        <UndoSheet
          name={nameOf(last.value.judged.verdict.facts)}
          at={last.value.judged.at}
          onClose={() => (open.value = 'nothing')}
          onDone={async (why) => {
            const current = last.peek();
            if (current?.judged.checkin == null) return;
            await undo(current.judged.checkin, why);
            last.value = { ...current, undone: true };
            open.value = 'nothing';
          }}
        />
      )}
    </main>
  );
}

const LOOKS = { ADMIT: 'admit', CHECK: 'check', REFUSE: 'refuse' } as const;

/** The last one that was recorded, within reach of the thumb. */
function Last({ judged, undone, onUndo }: { judged: Judged; undone: boolean; onUndo: () => void }) {
  const name = nameOf(judged.verdict.facts);
  const time = clockTime(judged.at);
  return (
    <p class="gate-last">
      <span role="status">
        {undone
          ? text('gate.last.undone', { name })
          : text(judged.gate.way === 'in' ? 'gate.last.in' : 'gate.last.out', { name, time })}
      </span>
      {!undone && (
        <Button look="quiet" onPress={onUndo}>
          {text('verdict.undo')}
        </Button>
      )}
    </p>
  );
}
