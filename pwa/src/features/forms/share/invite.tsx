/** Inviting a person: a code on the screen, a link to send, and the invitations that are still open. */
import { signal, useSignal } from '@preact/signals';

import { now } from '../../../data/clock.ts';
import { change } from '../../../data/records.ts';
import type { RecordView } from '../../../data/records.ts';
import { text } from '../../../text/index.ts';
import { fullMoment, moment } from '../../../text/time.ts';
import { Confirm } from '../../../ui/confirm.tsx';
import { Qr } from '../../../ui/qr.tsx';
import { Button, ProblemBox, useTask } from '../../../ui/task.tsx';
import { procedureTitle } from '../fill/title.ts';
import { hashOf, invitationLink, newSecret } from './link.ts';
import { INVITE, members, openInvites, stands } from './model.ts';
import type { OpenInvite } from './model.ts';
import { writeAnswers } from './write.ts';

const LASTS = 7 * 86_400_000;

/** The invitations made since the app was opened, by key: the secret stands nowhere but on this screen. */
const made = signal<ReadonlyMap<string, { link: string; before: number }>>(new Map());

export function InvitePart({ view }: { view: RecordView }) {
  const task = useTask();
  const latest = useSignal<string | null>(null);
  const invite = () =>
    task.run(async () => {
      const { procedure } = view.values;
      const secret = newSecret();
      const key = INVITE + (await hashOf(secret));
      await writeAnswers(view.id, { [key]: { until: now() + LASTS } });
      const said = { draft: view.id, secret, procedure: typeof procedure === 'string' ? procedure : null };
      const link = invitationLink(window.location.origin, said);
      made.value = new Map([...made.peek(), [key, { link, before: members(view).length }]]);
      latest.value = key;
    });
  const shown = latest.value === null ? undefined : made.value.get(latest.value);
  return (
    <>
      <h2>{text('share.person')}</h2>
      <p>{text('share.person.body')}</p>
      <ProblemBox code={task.problem} />
      {latest.value !== null && shown !== undefined && <Invitation view={view} of={latest.value} {...shown} />}
      <div class="actions">
        <Button look={latest.value === null ? 'main' : 'second'} busy={task.busy} onPress={invite}>
          {text(latest.value === null ? 'share.invite' : 'share.invite.new')}
        </Button>
      </div>
      <Open view={view} but={latest.value} />
    </>
  );
}

interface InvitationProps {
  view: RecordView;
  of: string;
  link: string;
  before: number;
}

/** The code and the link of an invitation, until it is used or taken back. */
function Invitation({ view, of, link, before }: InvitationProps) {
  const copied = useSignal(false);
  const until = openInvites(view, now()).find(({ key }) => key === of)?.until;
  if (until === undefined || !stands(view, of)) {
    const last = members(view).at(-1);
    const used = members(view).length > before && last !== undefined;
    return <p role="status">{used ? text('share.invite.used', { name: last.name }) : ''}</p>;
  }
  const title = procedureTitle(view.values.procedure);
  return (
    <section class="invitation">
      <figure class="shown-code">
        <Qr text={link} label={text('share.invite.qr')} />
      </figure>
      <p>{text('share.invite.show')}</p>
      {view.unsent && <p class="notice wait">{text('share.invite.waiting')}</p>}
      <p class="link-out" data-testid="invitation-link">
        {link}
      </p>
      <div class="actions">
        <Button
          look="second"
          onPress={() => void navigator.clipboard.writeText(link).then(() => (copied.value = true))}
        >
          {text('share.invite.copy')}
        </Button>
        {typeof navigator.share === 'function' && (
          <Button look="second" onPress={() => void send(link, text('share.invite.send.text', { title }))}>
            {text('share.invite.send')}
          </Button>
        )}
      </div>
      <p role="status">{copied.value ? text('share.invite.copied') : ''}</p>
      <p class="soft">{text('share.invite.until', { time: fullMoment(until) })}</p>
    </section>
  );
}

/** Hand the link to another app. Whoever closes the phone's own sheet has changed their mind, which is no fault. */
async function send(url: string, title: string): Promise<void> {
  try {
    await navigator.share({ title, text: title, url });
  } catch (error) {
    if (!(error instanceof DOMException && error.name === 'AbortError')) reportError(error);
  }
}

/** Invitations whose code is not on the screen: their secret is known to nobody but who was given it. */
function Open({ view, but }: { view: RecordView; but: string | null }) {
  const asking = useSignal<OpenInvite | null>(null);
  const task = useTask();
  const open = openInvites(view, now());
  if (open.length === 0) return null;
  return (
    <>
      <h3>{text('share.invites')}</h3>
      <ProblemBox code={task.problem} />
      <ul class="rows">
        {open.map((invite) => (
          <li key={invite.key} class="row" data-current={invite.key === but}>
            <span class="row-text">
              {text('share.invites.made', { made: moment(invite.made, now()) })}
              <span class="row-detail">{text('share.invites.until', { until: fullMoment(invite.until) })}</span>
            </span>
            <Button look="quiet" onPress={() => (asking.value = invite)}>
              {text('share.take-back')}
            </Button>
          </li>
        ))}
      </ul>
      {asking.value !== null && (
        <Confirm
          title={text('share.invites.take-back.title')}
          action={text('share.take-back.action')}
          onCancel={() => (asking.value = null)}
          onConfirm={() => {
            const key = asking.value?.key;
            asking.value = null;
            if (key !== undefined) task.run(() => change('draft', view.id, { [key]: null }));
          }}
        >
          <p>{text('share.invites.take-back.body')}</p>
        </Confirm>
      )}
    </>
  );
}
