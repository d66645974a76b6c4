/** /meetings/:id/invite: one by one, by a pasted list, or by a file; a list is looked through before it is sent. */
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';

import { now } from '../../data/clock.ts';
import { count, text } from '../../text/index.ts';
import type { Language } from '../../text/index.ts';
import { OneOf } from '../../ui/choice.tsx';
import { Page } from '../../ui/page.tsx';
import { Link } from '../../ui/router.tsx';
import { InviteList } from './invite-list.tsx';
import { InviteOne } from './invite-one.tsx';
import { invite, MOST_GUESTS } from './inviting.ts';
import type { Judging, Send } from './inviting.ts';
import type { Meeting } from './meeting-model.ts';
import { rosterOf } from './officer-known.ts';
import { OfMeeting } from './officers-only.tsx';

export function Invite({ id }: { id: string }) {
  return <OfMeeting id={id}>{(meeting) => <Ways meeting={meeting} />}</OfMeeting>;
}

type Way = 'single' | 'paste' | 'file';

function Ways({ meeting }: { meeting: Meeting }) {
  const way = useSignal<Way>('single');
  const language = useSignal<Language>('vi');
  const sent = useSignal(0);
  const roster = rosterOf(meeting.id);
  const invited = roster.filter(({ standing }) => standing !== 'cancelled');
  const judging: Judging = { language: language.value, invited, room: Math.max(0, MOST_GUESTS - roster.length) };
  const back = { href: `/meetings/${meeting.id}`, label: meeting.title };
  if (meeting.cancelled || meeting.ends <= now()) {
    return (
      <Page title={text('invite.title')} back={back}>
        <p>{text(meeting.cancelled ? 'invite.off' : 'invite.over')}</p>
      </Page>
    );
  }
  const send: Send = async (guests, done) => {
    await invite(meeting, guests, done);
    sent.value += guests.length;
  };
  return (
    <Page title={text('invite.title')} back={back} wide>
      <OneOf
        id="way"
        label={text('invite.way')}
        choices={(['single', 'paste', 'file'] as const).map((name) => ({ name, label: text(`invite.way.${name}`) }))}
        value={way.value}
        onChoose={(name) => (way.value = name === 'paste' || name === 'file' ? name : 'single')}
      />
      <OneOf
        id="language"
        label={text('invite.language')}
        hint={way.value === 'single' ? undefined : text('invite.language.hint')}
        choices={[
          { name: 'vi', label: 'Tiếng Việt' },
          { name: 'en', label: 'English' },
        ]}
        value={language.value}
        onChoose={(name) => (language.value = name === 'en' ? 'en' : 'vi')}
      />
      <Sent n={sent.value} href={back.href} />
      {way.value === 'single' ? (
        <InviteOne judging={judging} send={send} />
      ) : (
        <InviteList key={way.value} from={way.value} judging={judging} send={send} />
      )}
    </Page>
  );
}

/** How many were invited on this page; it stands where the eyes are after a tap. */
function Sent({ n, href }: { n: number; href: string }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (n > 0) box.current?.scrollIntoView({ block: 'nearest' });
  }, [n]);
  return (
    <div role="status" ref={box}>
      {n > 0 && (
        <div class="notice">
          <p>{count('invite.sent', n)}</p>
          <p>
            <Link href={href}>{text('invite.see')}</Link>
          </p>
        </div>
      )}
    </div>
  );
}
