/** /meetings: what my unit invites people to. */
import { useSignal } from '@preact/signals';

import { now } from '../../data/clock.ts';
import { count, local, text } from '../../text/index.ts';
import { Empty, Row, Tag } from '../../ui/list.tsx';
import { Page } from '../../ui/page.tsx';
import { Link } from '../../ui/router.tsx';
import { Button } from '../../ui/task.tsx';
import { countsOf } from './invitation-model.ts';
import { byTime } from './meeting-model.ts';
import type { Meeting } from './meeting-model.ts';
import { knownPlace, ownMeetings, rosterOf, unitTitle } from './officer-known.ts';
import { OfficersOnly } from './officers-only.tsx';
import { spanText } from './span.ts';
import { dayOf } from './when.ts';

const PAGE = 20;

export function Meetings() {
  return (
    <OfficersOnly>
      {(unit) => {
        const { coming, past } = byTime(ownMeetings(), now());
        return (
          <Page title={text('meetings.title')} kicker={unitTitle(unit)} wide>
            <div class="actions">
              <Link class="button main" href="/meetings/new">
                {text('meetings.new')}
              </Link>
            </div>
            <h2>{text('meetings.coming')}</h2>
            {coming.length === 0 ? (
              <Empty title={text('meetings.none')}>
                <p>{text('meetings.none.body')}</p>
              </Empty>
            ) : (
              <Rows meetings={coming} />
            )}
            {past.length > 0 && (
              <>
                <h2>{text('meetings.past')}</h2>
                <Rows meetings={past} />
              </>
            )}
          </Page>
        );
      }}
    </OfficersOnly>
  );
}

function Rows({ meetings }: { meetings: readonly Meeting[] }) {
  const limit = useSignal(PAGE);
  return (
    <>
      <ul class="rows">
        {meetings.slice(0, limit.value).map((meeting) => (
          <MeetingRow key={meeting.id} meeting={meeting} />
        ))}
      </ul>
      {meetings.length > limit.value && (
        <Button look="second" onPress={() => (limit.value += PAGE)}>
          {text('meetings.more')}
        </Button>
      )}
    </>
  );
}

function MeetingRow({ meeting }: { meeting: Meeting }) {
  const place = knownPlace(meeting.place);
  const { invited, claimed, arrived } = countsOf(rosterOf(meeting.id));
  const counts = [
    count('meetings.invited', invited),
    claimed > 0 && text('meetings.claimed', { n: claimed }),
    arrived > 0 && text('meetings.arrived', { n: arrived }),
  ].filter((each) => each !== false);
  return (
    <Row
      href={`/meetings/${meeting.id}`}
      title={meeting.title}
      detail={
        <>
          <span class="together">{spanText(meeting)}</span>
          {place !== undefined && <span class="line">{local(place.name)}</span>}
          {!meeting.cancelled && <span class="line">{counts.join(' · ')}</span>}
        </>
      }
      tag={<TimeTag meeting={meeting} />}
    />
  );
}

/** What is special about when: off, open now, today. */
export function TimeTag({ meeting }: { meeting: Meeting }) {
  const at = now();
  if (meeting.cancelled) return <Tag tone="bad">{text('meetings.cancelled')}</Tag>;
  if (meeting.ends <= at) return null;
  if (meeting.starts - meeting.opens * 60_000 <= at) return <Tag tone="good">{text('meetings.open')}</Tag>;
  return dayOf(meeting.starts) === dayOf(at) ? <Tag tone="wait">{text('meetings.today')}</Tag> : null;
}
