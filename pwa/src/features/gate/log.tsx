/** /gate/log: what was scanned here, what other phones told, and what does not fit together. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

import { now } from '../../data/clock.ts';
import { records } from '../../data/records.ts';
import { loadScans, scans } from '../../data/scans.ts';
import type { Scan as Scanned } from '../../data/scans.ts';
import type { CheckIn } from '../../codes/columns.ts';
import { text } from '../../text/index.ts';
import type { Key } from '../../text/index.ts';
import { clockTime, moment } from '../../text/time.ts';
import { Empty, Row } from '../../ui/list.tsx';
import { Page } from '../../ui/page.tsx';
import { Button } from '../../ui/task.tsx';
import { readCheckin } from './checkin-event.ts';
import { Conflicts } from './conflicts.tsx';
import { gateName } from './guard-known.ts';
import { undo } from './judge.ts';
import { UndoSheet } from './sheets.tsx';
import { Symbol } from './symbols.tsx';
import { WayArrow } from './tools.tsx';
import { checkIns, watch } from './watch.ts';

const STEP = 30;
const DAY = 24 * 3_600_000;
const LOOKS = { ADMIT: 'admit', CHECK: 'check', REFUSE: 'refuse' } as const;

export function Log() {
  useEffect(() => {
    void watch();
    void loadScans();
  }, []);
  const undoing = useSignal<Scanned | null>(null);
  const asked = undoing.value;
  return (
    <Page title={text('log.title')}>
      <p>{text('log.lead')}</p>
      <Conflicts />
      <ul class="rows">
        <Row href="/gate/exchange" title={text('log.exchange')} />
      </ul>
      <h2>{text('log.own')}</h2>
      <Own onUndo={(scan) => (undoing.value = scan)} />
      <h2>{text('log.others')}</h2>
      <Others />
      {asked?.checkin != null && (
        <UndoSheet
          name={asked.name}
          at={asked.at}
          onClose={() => (undoing.value = null)}
          onDone={async (why) => {
            if (asked.checkin !== null) await undo(asked.checkin, why);
            undoing.value = null;
          }}
        />
      )}
    </Page>
  );
}

function Own({ onUndo }: { onUndo: (scan: Scanned) => void }) {
  const shown = useSignal(STEP);
  const all = scans.value;
  if (all.length === 0) {
    return (
      <Empty title={text('log.none')}>
        <p>{text('log.none.body')}</p>
      </Empty>
    );
  }
  return (
    <>
      <ul class="entries">
        {all.slice(0, shown.value).map((scan) => (
          <OwnEntry key={scan.id} scan={scan} onUndo={() => onUndo(scan)} />
        ))}
      </ul>
      {all.length > shown.value && (
        <Button look="second" onPress={() => (shown.value += STEP)}>
          {text('log.more')}
        </Button>
      )}
    </>
  );
}

/** A check-in against the verdict bears the sign of an ADMIT: someone is inside. The verdict stands beside it. */
function OwnEntry({ scan, onUndo }: { scan: Scanned; onUndo: () => void }) {
  const { at, word, reason, way, name, checkin } = scan;
  const { set } = checkIns.value;
  const undone = checkin !== null && set.isUndone(checkin);
  const why = checkin === null ? null : whyOf(checkin);
  const look = why === null ? LOOKS[word] : 'admit';
  return (
    <li class={undone ? `${look} undone` : look}>
      <Symbol look={look} />
      <strong>
        {text(wordOf(scan, why !== null))}: {name}
      </strong>
      <time dateTime={new Date(at).toISOString()}>{moment(at, now())}</time>
      <div class="entry-detail">
        {text(way === 'in' ? 'log.in' : 'log.out')} · {text(`reason.${reason}` as Key)}
        {why !== null && <span class="row-detail">{text('log.override', { why })}</span>}
        {undone && <span class="row-detail">{text('log.undone')}</span>}
      </div>
      {checkin !== null && !undone && (
        <Button look="quiet" onPress={onUndo}>
          {text('verdict.undo')}
          <span class="visually-hidden">
            : {name}, {clockTime(at)}
          </span>
        </Button>
      )}
    </li>
  );
}

function wordOf({ word, way }: Scanned, overridden: boolean): Key {
  if (overridden) return way === 'out' ? 'verdict.out' : 'verdict.ADMIT';
  return word === 'ADMIT' && way === 'out' ? 'verdict.out' : `verdict.${word}`;
}

/** Why a guard decided against the verdict, as the record tells. */
function whyOf(checkin: string): string | null {
  const view = records('checkin').value.find(({ id }) => id === checkin);
  return view === undefined ? null : (readCheckin(checkin, view.values.checkin)?.override ?? null);
}

/** What others recorded: no names, only that somebody went past a gate. */
function Others() {
  const shown = useSignal(STEP);
  const own = new Set(scans.value.map(({ checkin }) => checkin));
  const from = now() - DAY;
  const all = checkIns.value.set
    .checkIns()
    .filter(({ id, at }) => at > from && !own.has(id))
    .sort((a, b) => b.at - a.at);
  if (all.length === 0) return <p class="soft">{text('log.others.none')}</p>;
  return (
    <>
      <p>{text('log.others.lead')}</p>
      <ul class="entries">
        {all.slice(0, shown.value).map((event) => (
          <OtherEntry key={event.id} event={event} />
        ))}
      </ul>
      {all.length > shown.value && (
        <Button look="second" onPress={() => (shown.value += STEP)}>
          {text('log.more')}
        </Button>
      )}
    </>
  );
}

function OtherEntry({ event: { at, way, place, gate } }: { event: CheckIn }) {
  return (
    <li>
      <WayArrow way={way} />
      <strong>{text(way === 'in' ? 'log.in' : 'log.out')}</strong>
      <time dateTime={new Date(at).toISOString()}>{moment(at, now())}</time>
      <div class="entry-detail">{gateName(place, gate)}</div>
    </li>
  );
}
