/** /meetings/:id/guests/:guest: one invitation, its code to show, its letters, and what can be done about it. */
import { now } from '../../data/clock.ts';
import { text } from '../../text/index.ts';
import { moment } from '../../text/time.ts';
import { Facts } from '../../ui/list.tsx';
import { Page } from '../../ui/page.tsx';
import { Qr } from '../../ui/qr.tsx';
import { Button, ProblemBox, useTask } from '../../ui/task.tsx';
import type { Invitation, Letter } from './invitation-model.ts';
import { Asked } from './meeting.tsx';
import type { Meeting } from './meeting-model.ts';
import { rosterOf } from './officer-known.ts';
import { OfMeeting } from './officers-only.tsx';
import { order } from './orders.ts';
import { StandingTag } from './roster.tsx';
import { spanText } from './span.ts';

export function Guest({ id, guest }: { id: string; guest: string }) {
  return (
    <OfMeeting id={id}>
      {(meeting) => {
        const back = { href: `/meetings/${id}`, label: meeting.title };
        const invitation = rosterOf(id).find((each) => each.id === guest);
        if (invitation === undefined) {
          return (
            <Page title={text('guest.unknown')} back={back}>
              <p>{text('guest.unknown.body')}</p>
            </Page>
          );
        }
        return (
          <Page title={invitation.name} kicker={spanText(meeting)} back={back}>
            <Whole meeting={meeting} invitation={invitation} />
          </Page>
        );
      }}
    </OfMeeting>
  );
}

function Whole({ meeting, invitation }: { meeting: Meeting; invitation: Invitation }) {
  const { email, language, arrival, version, claimed, standing, letters } = invitation;
  const open = !meeting.cancelled && meeting.ends > now() && standing !== 'cancelled';
  return (
    <>
      <Facts
        facts={[
          [text('guest.standing'), <StandingTag key="standing" invitation={invitation} />],
          [text('guest.email'), email ?? text('guests.no_email')],
          [text('guest.language'), language === 'vi' ? 'Tiếng Việt' : 'English'],
          version > 1 ? [text('guest.version'), text('guest.version.n', { n: version })] : null,
          arrival === null
            ? null
            : [
                text('guest.arrival'),
                text(arrival.inside ? 'guest.inside' : 'guest.left', { time: moment(arrival.at, now()) }),
              ],
        ]}
      />
      {arrival?.conflict === true && (
        <div class="notice wait">
          <p>{text('guest.conflict')}</p>
        </div>
      )}
      {standing !== 'cancelled' && <Code invitation={invitation} />}
      {letters.length > 0 && <Letters letters={letters} />}
      {open && <Deeds meeting={meeting} invitation={invitation} claimed={claimed} />}
    </>
  );
}

function Code({ invitation: { code, name, claimed } }: { invitation: Invitation }) {
  return (
    <>
      <h2>{text('guest.code')}</h2>
      {claimed && (
        <div class="notice">
          <p>{text('guest.code.claimed')}</p>
        </div>
      )}
      {code === null && <p class="soft">{text('guest.code.none')}</p>}
      {code !== null && !claimed && (
        <figure class="code-figure">
          <Qr text={code} label={text('guest.code.label', { name })} />
          <figcaption class="soft small">{text('guest.code.body')}</figcaption>
        </figure>
      )}
    </>
  );
}

function Letters({ letters }: { letters: readonly Letter[] }) {
  return (
    <>
      <h2>{text('letters.title')}</h2>
      <ul class="timeline">
        {[...letters].reverse().map((letter, index) => (
          <li key={index} class={letter.state === 'sent' ? 'done' : undefined}>
            <strong>{text(`letters.${letter.sort}`)}</strong>
            {letterText(letter)}
            {letter.error !== null && (
              <span class="line soft small">{text('letters.error', { words: letter.error })}</span>
            )}
            {index === 0 && letter.state === 'failed' && <span class="line">{text('letters.failed.next')}</span>}
          </li>
        ))}
      </ul>
    </>
  );
}

function letterText({ state, sentAt, to, attempts, nextAt }: Letter): string {
  const at = (ms: number | null) => (ms === null ? '' : moment(ms, now()));
  switch (state) {
    case 'sent':
      return text('letters.sent', { to, time: at(sentAt) });
    case 'failed':
      return text('letters.failed', { to });
    case 'queued':
      return attempts === 0 ? text('letters.queued', { to }) : text('letters.retrying', { to, time: at(nextAt) });
  }
}

interface DeedsProps {
  meeting: Meeting;
  invitation: Invitation;
  claimed: boolean;
}

function Deeds({ meeting, invitation: { id, name, email, code }, claimed }: DeedsProps) {
  const task = useTask();
  if (code === null) return null;
  return (
    <>
      <h2>{text('guest.more')}</h2>
      <ProblemBox code={task.problem} />
      <div class="actions stacked">
        {email !== null && (
          <Button look="second" busy={task.busy} onPress={() => task.run(() => order(meeting, 'resend', [id]))}>
            {text('guest.resend')}
          </Button>
        )}
        <Asked
          action={text('guest.reissue')}
          title={text('guest.reissue.title', { name })}
          sure={text('guest.reissue.action')}
          work={() => order(meeting, 'reissue', [id])}
        >
          <p>{text(claimed ? 'guest.reissue.claimed' : 'guest.reissue.body')}</p>
        </Asked>
        <Asked
          action={text('guest.cancel')}
          title={text('guest.cancel.title', { name })}
          sure={text('guest.cancel.action')}
          back={text('meeting.cancel.back')}
          work={() => order(meeting, 'cancel', [id])}
        >
          <p>{text('guest.cancel.body')}</p>
        </Asked>
      </div>
    </>
  );
}
