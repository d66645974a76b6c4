/** The guests of a meeting: found with or without diacritics, each with where their invitation stands. */
import { useSignal } from '@preact/signals';

import { now } from '../../data/clock.ts';
import { count, text } from '../../text/index.ts';
import type { Key } from '../../text/index.ts';
import { clockTime, moment } from '../../text/time.ts';
import { TextField } from '../../ui/field.tsx';
import { Empty, Row, Tag } from '../../ui/list.tsx';
import type { Tone } from '../../ui/list.tsx';
import { Button } from '../../ui/task.tsx';
import { search } from './invitation-model.ts';
import type { Invitation, Standing } from './invitation-model.ts';
import type { Meeting } from './meeting-model.ts';

const PAGE = 50;
/** Fewer than these are seen at a glance. */
const SEARCHABLE = 8;

export function Roster({ meeting, roster }: { meeting: Meeting; roster: readonly Invitation[] }) {
  const query = useSignal('');
  const limit = useSignal(PAGE);
  if (roster.length === 0) {
    return (
      <Empty title={text('guests.none')}>
        <p>{text('guests.none.body')}</p>
      </Empty>
    );
  }
  const found = search(roster, query.value);
  const asked = query.value.trim() !== '';
  return (
    <>
      {roster.length >= SEARCHABLE && (
        <div class="search">
          <TextField
            id="search"
            label={text('guests.search')}
            hint={text('guests.search.hint')}
            value={query.value}
            onInput={(value) => {
              query.value = value;
              limit.value = PAGE;
            }}
          />
        </div>
      )}
      <p role="status" class="soft small">
        {asked ? count('guests.found', found.length) : ''}
      </p>
      <ul class="rows">
        {found.slice(0, limit.value).map((invitation) => (
          <Row
            key={invitation.id}
            href={`/meetings/${meeting.id}/guests/${invitation.id}`}
            title={invitation.name}
            detail={invitation.email ?? text('guests.no_email')}
            tag={<StandingTag invitation={invitation} />}
          />
        ))}
      </ul>
      {found.length > limit.value && (
        <Button look="second" onPress={() => (limit.value += PAGE)}>
          {text('guests.more', { n: found.length - limit.value })}
        </Button>
      )}
    </>
  );
}

const TONES: Readonly<Record<Standing, Tone>> = {
  saved: 'wait',
  making: 'plain',
  made: 'plain',
  mailing: 'plain',
  mailed: 'plain',
  mail_failed: 'bad',
  claimed: 'good',
  arrived: 'good',
  cancelled: 'bad',
};

export function StandingTag({ invitation }: { invitation: Invitation }) {
  return <Tag tone={TONES[invitation.standing]}>{standingText(invitation)}</Tag>;
}

/** "Thư đã gửi 14:02", "Đã đến 08:31". */
export function standingText({ standing, at, letters }: Invitation): string {
  const last = letters.at(-1);
  if (standing === 'mailing' && (last?.attempts ?? 0) > 0) {
    const next = last?.nextAt ?? null;
    return next === null ? text('standing.mailing') : text('standing.retrying', { time: clockTime(next) });
  }
  const key: Key = `standing.${standing}`;
  return text(key, { time: at === null ? '' : moment(at, now()) }).trim();
}
