/** /meetings/:id: what it is, who is invited, who has come. */
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';

import { now } from '../../data/clock.ts';
import { local, text } from '../../text/index.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { Facts } from '../../ui/list.tsx';
import { Page } from '../../ui/page.tsx';
import { Link } from '../../ui/router.tsx';
import { Button, ProblemBox, useTask } from '../../ui/task.tsx';
import { countsOf } from './invitation-model.ts';
import type { Invitation } from './invitation-model.ts';
import type { Meeting as Known } from './meeting-model.ts';
import { Notices } from './meeting-notices.tsx';
import { knownPlace, rosterOf } from './officer-known.ts';
import { OfMeeting } from './officers-only.tsx';
import { callOff, order } from './orders.ts';
import { Refresh } from './refresh.tsx';
import { Roster } from './roster.tsx';
import { spanText } from './span.ts';

export function Meeting({ id }: { id: string }) {
  return <OfMeeting id={id}>{(meeting) => <Whole meeting={meeting} />}</OfMeeting>;
}

function Whole({ meeting }: { meeting: Known }) {
  const roster = rosterOf(meeting.id);
  const open = !meeting.cancelled && meeting.ends > now();
  return (
    <Page title={meeting.title} back={{ href: '/meetings', label: text('meetings.title') }} wide>
      <Notices meeting={meeting} roster={roster} open={open} />
      <MeetingFacts meeting={meeting} folded={roster.length > 0} />
      {open && (
        <div class="actions">
          <Link class="button second" href={`/meetings/${meeting.id}/edit`}>
            {text('meeting.edit')}
          </Link>
          <CallOff meeting={meeting} guests={countsOf(roster).invited} />
        </div>
      )}
      <h2>{text('guests.title')}</h2>
      {!meeting.cancelled && roster.length > 0 && <Numbers roster={roster} />}
      {!meeting.cancelled && roster.length > 0 && <Refresh meeting={meeting} />}
      {open && (
        <div class="actions">
          <Link class="button main" href={`/meetings/${meeting.id}/invite`}>
            {text('guests.invite')}
          </Link>
          {roster.length > 0 && (
            <>
              <Link class="button second" href={`/meetings/${meeting.id}/sheet`}>
                {text('guests.print')}
              </Link>
              <ReissueAll meeting={meeting} roster={roster} />
            </>
          )}
        </div>
      )}
      <Roster meeting={meeting} roster={roster} />
    </Page>
  );
}

/** When and where; the rest is folded once there are guests, who are what an officer comes for then. */
function MeetingFacts({ meeting, folded }: { meeting: Known; folded: boolean }) {
  const place = knownPlace(meeting.place);
  const gates = place?.gates.filter(({ bit }) => meeting.gates.includes(bit)).map(({ name }) => local(name)) ?? [];
  return (
    <div class="folds">
      <Facts
        facts={[
          [text('meeting.when'), <When key="when" meeting={meeting} />],
          [text('form.place'), place === undefined ? String(meeting.place) : `${local(place.name)}\n${place.address}`],
        ]}
      />
      <details open={!folded}>
        <summary>{text('meeting.details')}</summary>
        <Facts
          facts={[
            gates.length === 0 ? null : [text('form.gates'), gates.join(', ')],
            meeting.room === '' ? null : [text('form.room'), meeting.room],
            meeting.host === '' ? null : [text('form.host'), meeting.host],
            [text('form.sort'), entriesText(meeting)],
            meeting.note === '' ? null : [text('form.note'), meeting.note],
          ]}
        />
      </details>
    </div>
  );
}

function When({ meeting }: { meeting: Known }) {
  return (
    <>
      {spanText(meeting)}
      <span class="line soft small">{text('meeting.opens', { n: meeting.opens })}</span>
    </>
  );
}

function entriesText({ entries }: Known): string {
  if (entries === 0) return text('entries.unbound');
  return entries === 1 ? text('entries.once') : text('entries.most', { n: entries });
}

function Numbers({ roster }: { roster: readonly Invitation[] }) {
  const { invited, claimed, arrived } = countsOf(roster);
  const figures = [
    [text('guests.invited'), invited],
    [text('guests.claimed'), claimed],
    [text('guests.arrived'), arrived],
  ] as const;
  return (
    <dl class="numbers">
      {figures.map(([name, figure]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{figure}</dd>
        </div>
      ))}
    </dl>
  );
}

function CallOff({ meeting, guests }: { meeting: Known; guests: number }) {
  return (
    <Asked
      action={text('meeting.cancel')}
      title={text('meeting.cancel.title', { title: meeting.title })}
      sure={text('meeting.cancel.action')}
      back={text('meeting.cancel.back')}
      work={() => callOff(meeting)}
    >
      <p>{text('meeting.cancel.body', { n: guests })}</p>
    </Asked>
  );
}

function ReissueAll({ meeting, roster }: { meeting: Known; roster: readonly Invitation[] }) {
  return (
    <Asked
      action={text('guests.reissue')}
      title={text('guests.reissue.title')}
      sure={text('guests.reissue.action')}
      work={() => order(meeting, 'reissue', null)}
    >
      <p>{text('guests.reissue.body', { n: countsOf(roster).invited })}</p>
    </Asked>
  );
}

interface AskedProps {
  /** What the quiet button says. */
  action: string;
  title: string;
  /** What the button that goes ahead says. */
  sure: string;
  /** What the button that leaves all as it is says. */
  back?: string;
  work: () => Promise<void>;
  children: ComponentChildren;
}

/** A quiet button for what can't be taken back: it asks once more, and says what follows. */
export function Asked({ action, title, sure, back, work, children }: AskedProps) {
  const asking = useSignal(false);
  const task = useTask();
  return (
    <>
      <Button look="quiet" busy={task.busy} onPress={() => (asking.value = true)}>
        {action}
      </Button>
      <ProblemBox code={task.problem} />
      {asking.value && (
        <Confirm
          title={title}
          action={sure}
          back={back}
          busy={task.busy}
          onCancel={() => (asking.value = false)}
          onConfirm={() =>
            task.run(async () => {
              asking.value = false;
              await work();
            })
          }
        >
          {children}
        </Confirm>
      )}
    </>
  );
}
