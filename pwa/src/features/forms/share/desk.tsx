/** Sharing with an office desk: from the list of units, or by the code that stands on the desk. */
import { useSignal } from '@preact/signals';

import { me } from '../../../data/account.ts';
import { now } from '../../../data/clock.ts';
import { record, records } from '../../../data/records.ts';
import type { RecordView } from '../../../data/records.ts';
import { language, text } from '../../../text/index.ts';
import { calendarDay } from '../../../text/time.ts';
import { OneOfMany } from '../../../ui/choice.tsx';
import { Confirm } from '../../../ui/confirm.tsx';
import { Page } from '../../../ui/page.tsx';
import { Link, place } from '../../../ui/router.tsx';
import { Scanner } from '../../../ui/scan/scanner.tsx';
import { Button, ProblemBox, useTask } from '../../../ui/task.tsx';
import { draftBegun } from '../fill/drafts.tsx';
import { openDrafts } from '../fill/model.ts';
import { procedureTitle } from '../fill/title.ts';
import { unitName } from './author.ts';
import { deskIn } from './link.ts';
import { stands, UNIT } from './model.ts';
import { writeAnswers } from './write.ts';
import './share.css';

/** On the draft's own page: choose the desk. */
export function DeskPart({ view }: { view: RecordView }) {
  const unit = useSignal<string | null>(null);
  const way = useSignal<'list' | 'scan'>('list');
  const asking = useSignal(false);
  const lacking = useSignal(false);
  const done = useSignal<string | null>(null);
  const task = useTask();
  const others = records('unit').value.filter(({ id }) => !stands(view, UNIT + id));
  const choices = others
    .map(({ id }) => ({ name: id, label: unitName(id) }))
    .sort((a, b) => a.label.localeCompare(b.label, language.value));
  const name = unit.value === null ? '' : unitName(unit.value);
  function found(code: string): void {
    unit.value = code;
    way.value = 'list';
    asking.value = true;
  }
  return (
    <>
      <h2>{text('share.unit')}</h2>
      <p>{text('share.unit.body')}</p>
      <ProblemBox code={task.problem} />
      {way.value === 'scan' ? (
        <DeskScan onUnit={found} onCancel={() => (way.value = 'list')} />
      ) : (
        <>
          <OneOfMany
            id="unit"
            label={text('share.unit.choose')}
            error={lacking.value ? text('share.unit.required') : undefined}
            choices={choices}
            value={unit.value}
            onChoose={(code) => {
              unit.value = code;
              lacking.value = false;
            }}
          />
          <div class="actions">
            <Button
              look="second"
              busy={task.busy}
              onPress={() => {
                lacking.value = unit.value === null;
                asking.value = unit.value !== null;
              }}
            >
              {text('share.unit.action')}
            </Button>
            <Button look="quiet" onPress={() => (way.value = 'scan')}>
              {text('share.unit.scan')}
            </Button>
          </div>
        </>
      )}
      <p role="status">{done.value === null ? '' : text('share.unit.done', { name: done.value })}</p>
      {asking.value && unit.value !== null && (
        <Confirm
          title={text('share.unit.confirm.title', { name })}
          action={text('share.pick.action')}
          look="main"
          onCancel={() => (asking.value = false)}
          onConfirm={() => {
            const code = unit.value;
            asking.value = false;
            unit.value = null;
            if (code === null) return;
            task.run(async () => {
              await shareWithDesk(view.id, code);
              done.value = name;
            });
          }}
        >
          <p>{text('share.unit.body')}</p>
        </Confirm>
      )}
    </>
  );
}

function DeskScan({ onUnit, onCancel }: { onUnit: (code: string) => void; onCancel: () => void }) {
  const wrong = useSignal(false);
  const read = (said: string) => {
    const code = deskIn(said);
    wrong.value = code === null || record('unit', code).peek() === undefined;
    if (code !== null && !wrong.value) onUnit(code);
  };
  return (
    <>
      <p>{text('share.unit.scan.aim')}</p>
      <p role="alert" class={wrong.value ? 'notice bad' : undefined}>
        {wrong.value ? text('share.unit.scan.wrong') : ''}
      </p>
      <Scanner onText={read} />
      <Button look="second" onPress={onCancel}>
        {text('action.cancel')}
      </Button>
    </>
  );
}

/** /share#unit, the link in a desk's code: choose which draft the desk shall see. */
export function PickForDesk() {
  const code = deskIn(place.value.fragment);
  const known = code !== null && record('unit', code).value !== undefined;
  const mine = me.value;
  const task = useTask();
  if (code === null || !known) {
    return (
      <Page title={text('share.title')} back={{ href: '/', label: text('page.home') }}>
        <p class="notice wait">{text('share.pick.unknown')}</p>
      </Page>
    );
  }
  const drafts = mine === null ? [] : openDrafts(records('draft').value, mine.id);
  return (
    <Page title={text('share.pick', { name: unitName(code) })} back={{ href: '/', label: text('page.home') }}>
      <ProblemBox code={task.problem} />
      {mine?.device == null ? (
        <div class="notice wait">
          <p>{text('share.pick.sign-in')}</p>
          <p>
            <Link class="button main" href="/start">
              {text('share.join.sign-in.action')}
            </Link>
          </p>
        </div>
      ) : drafts.length === 0 ? (
        <p>{text('share.pick.none')}</p>
      ) : (
        <>
          <p>{text('share.pick.body')}</p>
          <ul class="rows">
            {drafts.map((draft) => (
              <li key={draft.id} class="row">
                <span class="row-text">
                  {procedureTitle(draft.values.procedure)}
                  <span class="row-detail">{text('draft.begun', { day: calendarDay(draftBegun(draft)) })}</span>
                </span>
                {stands(draft, UNIT + code) ? (
                  <span class="tag good">{text('share.pick.already')}</span>
                ) : (
                  <Button look="second" busy={task.busy} onPress={() => task.run(() => shareWithDesk(draft.id, code))}>
                    {text('share.pick.action')}
                    <span class="visually-hidden"> {procedureTitle(draft.values.procedure)}</span>
                  </Button>
                )}
              </li>
            ))}
          </ul>
        </>
      )}
    </Page>
  );
}

function shareWithDesk(draft: string, unit: string): Promise<void> {
  return writeAnswers(draft, { [UNIT + unit]: { name: unitName(unit), at: now() } });
}
