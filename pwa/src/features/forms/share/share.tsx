/** /share/:id: who has a draft, and ways to let someone in. A co-editor sees who is in, and may leave. */
import { useSignal } from '@preact/signals';

import { me } from '../../../data/account.ts';
import { now } from '../../../data/clock.ts';
import { change, record } from '../../../data/records.ts';
import type { RecordView } from '../../../data/records.ts';
import { text } from '../../../text/index.ts';
import { moment } from '../../../text/time.ts';
import { Confirm } from '../../../ui/confirm.tsx';
import { Page } from '../../../ui/page.tsx';
import { navigate } from '../../../ui/router.tsx';
import { Button, ProblemBox, useTask } from '../../../ui/task.tsx';
import { NoDraft } from '../fill/draft.tsx';
import { isOwn } from '../fill/model.ts';
import { procedureTitle } from '../fill/title.ts';
import { unitName } from './author.ts';
import { DeskPart } from './desk.tsx';
import { InvitePart } from './invite.tsx';
import { members, ownerName, PERSON, stands, UNIT } from './model.ts';
import type { Member } from './model.ts';
import '../../../ui/style/code.css';
import './share.css';

export function Share({ id }: { id: string }) {
  const view = record('draft', id).value;
  if (view?.values.owner === undefined || view.values.removed === true) return <NoDraft />;
  const own = isOwn(view, me.value?.id);
  const back = { href: `/drafts/${id}`, label: text('questions.overview') };
  return (
    <Page title={text('share.title')} kicker={procedureTitle(view.values.procedure)} back={back}>
      {own && <p>{text('share.lead')}</p>}
      <h2>{text('share.who')}</h2>
      <Members view={view} own={own} />
      {own && view.values.submission === undefined && (
        <>
          <InvitePart view={view} />
          <DeskPart view={view} />
        </>
      )}
      {!own && <Leave view={view} />}
    </Page>
  );
}

export function memberName({ sort, id, name }: Member): string {
  return sort === 'unit' ? unitName(id) : name;
}

function Members({ view, own }: { view: RecordView; own: boolean }) {
  const leaving = useSignal<Member | null>(null);
  const task = useTask();
  const all = members(view);
  const owner = ownerName(view);
  const ownerLine = owner === undefined ? text('share.owner') : text('share.owner.named', { name: owner });
  return (
    <>
      <ProblemBox code={task.problem} />
      <ul class="rows members">
        <li class="row">
          <span class="row-text">{own ? text('share.you.owner') : ownerLine}</span>
        </li>
        {all.map((member) => (
          <li key={member.key} class="row" data-member={member.key}>
            <span class="row-text">
              {member.id === me.value?.id ? text('share.you') : memberName(member)}
              <span class="row-detail">
                {text(member.sort === 'unit' ? 'share.desk' : 'share.since', { time: moment(member.at, now()) })}
              </span>
            </span>
            {own && (
              <Button look="quiet" onPress={() => (leaving.value = member)}>
                {text('share.take-back')}
                <span class="visually-hidden"> {memberName(member)}</span>
              </Button>
            )}
          </li>
        ))}
      </ul>
      {own && all.length === 0 && <p class="soft">{text('share.alone')}</p>}
      {leaving.value !== null && (
        <Confirm
          title={text('share.take-back.title', { name: memberName(leaving.value) })}
          action={text('share.take-back.action')}
          onCancel={() => (leaving.value = null)}
          onConfirm={() => {
            const key = leaving.value?.key;
            leaving.value = null;
            if (key !== undefined) task.run(() => change('draft', view.id, { [key]: null }));
          }}
        >
          <p>{text('share.take-back.body')}</p>
        </Confirm>
      )}
    </>
  );
}

/** A person leaves for themselves; an officer hands the draft back for the whole desk. */
function Leave({ view }: { view: RecordView }) {
  const asking = useSignal(false);
  const task = useTask();
  const mine = me.value;
  if (mine === null) return null;
  const person = PERSON + mine.id;
  const desk = !stands(view, person) && mine.unit !== null;
  const key = desk ? UNIT + String(mine.unit) : person;
  return (
    <>
      <ProblemBox code={task.problem} />
      <Button look="second" onPress={() => (asking.value = true)}>
        {text(desk ? 'share.leave.desk' : 'share.leave')}
      </Button>
      {asking.value && (
        <Confirm
          title={text(desk ? 'share.leave.desk.title' : 'share.leave.title')}
          action={text(desk ? 'share.leave.desk' : 'share.leave')}
          busy={task.busy}
          onCancel={() => (asking.value = false)}
          onConfirm={() =>
            task.run(async () => {
              await change('draft', view.id, { [key]: null });
              navigate('/', { replace: true });
            })
          }
        >
          <p>{text(desk ? 'share.leave.desk.body' : 'share.leave.body')}</p>
        </Confirm>
      )}
    </>
  );
}
