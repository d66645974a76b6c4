/** A verdict on the screen, with what a guard can do about it. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

import { refreshPack } from '../../data/pack.ts';
import { text } from '../../text/index.ts';
import { useTask } from '../../ui/task.tsx';
import { overridable } from './checkin.ts';
import { gateName, meetingNamed, placeName } from './guard-known.ts';
import { override, undo, way } from './judge.ts';
import type { Judged } from './judge.ts';
import { nameOf, said, saidOverridden, saidUnsaved } from './said.ts';
import type { Said } from './said.ts';
import { OverrideSheet, UndoSheet } from './sheets.tsx';
import { announce } from './signal.ts';
import { VerdictScreen } from './verdict-screen.tsx';
import type { Act } from './verdict-screen.tsx';
import { settled } from './watch.ts';

interface OutcomeProps {
  judged: Judged;
  /** A form opens or closes: nothing else may be scanned meanwhile. */
  onHold: (held: boolean) => void;
  /** The guard decided otherwise. */
  onJudged: (judged: Judged) => void;
  /** Judge the same code once more. */
  onAgain: (code: string) => void;
  onAsk: () => void;
  onUndone: () => void;
  onContinue: () => void;
}

/** Return what the screen says of what was judged. */
export function saidOf({ verdict, gate, at, unsaved, override: why }: Judged): Said {
  const { meeting, place } = verdict.facts;
  const words = said(verdict, {
    way: gate.way,
    now: at,
    meeting: meetingNamed(place, meeting),
    placeName,
    gateName,
  });
  if (unsaved !== null) return saidUnsaved(words);
  return why === null ? words : saidOverridden(words, why);
}

export function Outcome({ judged, onHold, onJudged, onAgain, onAsk, onUndone, onContinue }: OutcomeProps) {
  const open = useSignal<'nothing' | 'undo' | 'override'>('nothing');
  const renewing = useTask();
  const { verdict, checkin, gate } = judged;
  const held = open.value !== 'nothing' || renewing.busy;
  useEffect(() => onHold(held), [held]);
  useEffect(() => () => onHold(false), []);
  const words = saidOf(judged);
  const acts = actsOf(judged, {
    undo: () => (open.value = 'undo'),
    override: () => (open.value = 'override'),
    ask: onAsk,
    renew: () =>
      renewing.run(async () => {
        await refreshPack();
        await settled();
        onHold(false);
        onAgain(judged.code);
      }),
    out: () => {
      way.value = 'out';
      onContinue();
    },
    busy: renewing.busy,
  });
  const never = verdict.word !== 'ADMIT' && verdict.facts.subject === null && NAMELESS_FRAUD.has(verdict.reason);
  return (
    <>
      <VerdictScreen
        said={words}
        turn={judged.id}
        acts={acts}
        note={never ? text('verdict.override.never') : null}
        trouble={renewing.problem}
        held={held}
        onContinue={onContinue}
      />
      {open.value === 'undo' && checkin !== null && (
        <UndoSheet
          name={nameOf(verdict.facts)}
          at={judged.at}
          wrongPerson={verdict.next === 'compare_photo'}
          onClose={() => (open.value = 'nothing')}
          onDone={async (why) => {
            await undo(checkin, why);
            open.value = 'nothing';
            onUndone();
          }}
        />
      )}
      {open.value === 'override' && (
        <OverrideSheet
          reason={words.reason}
          way={gate.way}
          onClose={() => (open.value = 'nothing')}
          onDone={async (why) => {
            const done = await override(judged, why);
            open.value = 'nothing';
            onJudged(done);
            announce('admit');
          }}
        />
      )}
    </>
  );
}

/** Codes that look like ours and can't be believed: a guard might be asked to let them pass all the same. */
const NAMELESS_FRAUD: ReadonlySet<string> = new Set([
  'forged',
  'holder',
  'unknown_issuer',
  'trailing_bytes',
  'duplicate_keys',
  'algorithm',
]);

interface Ways extends Record<'undo' | 'override' | 'ask' | 'renew' | 'out', () => void> {
  busy: boolean;
}

function actsOf({ verdict, checkin, override: why }: Judged, ways: Ways): Act[] {
  const { next, reason } = verdict;
  if (checkin !== null) {
    const label = text(next === 'compare_photo' && why === null ? 'verdict.undo.person' : 'verdict.undo');
    return [{ label, onPress: ways.undo }];
  }
  const acts: (Act | false)[] = [
    next === 'refresh' && { label: text('verdict.renew'), onPress: ways.renew, busy: ways.busy },
    next === 'challenge' && { label: text('verdict.challenge'), onPress: ways.ask },
    reason === 'inside' && { label: text('verdict.way.out'), onPress: ways.out },
    overridable(verdict) && { label: text('verdict.override.action'), onPress: ways.override },
  ];
  return acts.filter((act) => act !== false);
}
