/** The meetings of the day at this place: whom to call, and how many have come. */
import { Fragment } from 'preact';
import type { ComponentChildren } from 'preact';

import { paired } from '../../data/pack.ts';
import { text } from '../../text/index.ts';
import { clockTime, moment } from '../../text/time.ts';
import { Tag } from '../../ui/list.tsx';
import { useNow } from './freshness.tsx';
import { meetingsAt } from './guard-known.ts';
import type { Meeting } from './meeting-model.ts';
import { dayStart } from './tally.ts';
import type { Tally } from './tally.ts';

const DAY = 24 * 3_600_000;

interface MeetingRowsProps {
  /** By the last 3 bytes of the meeting's id; without it no counts are shown. */
  counts?: ReadonlyMap<string, Tally>;
  /** What stands there when there are none. */
  empty: ComponentChildren;
}

export function MeetingRows({ counts, empty }: MeetingRowsProps) {
  const now = useNow();
  const today = paired.value === null ? [] : meetingsOfDay(meetingsAt(paired.value.place), now);
  if (today.length === 0) return <Fragment>{empty}</Fragment>;
  return (
    <ul class="rows">
      {today.map((meeting) => (
        <li key={meeting.id} class="row">
          <span class="row-text">
            <strong>{meeting.title}</strong>
            <span class="row-detail meeting-when">{windowOf(meeting, now)}</span>
            <span class="row-detail">{whomOf(meeting)}</span>
            {counts !== undefined && <CountLine tally={counts.get(meeting.id.slice(-6))} />}
          </span>
          <StateTag meeting={meeting} now={now} />
        </li>
      ))}
    </ul>
  );
}

function CountLine({ tally }: { tally: Tally | undefined }) {
  const { entered, inside } = tally ?? { entered: 0, inside: 0 };
  return <span class="row-detail">{text('today.counts', { entered, inside })}</span>;
}

function StateTag({ meeting: { cancelled, starts, opens, ends }, now }: { meeting: Meeting; now: number }) {
  if (cancelled) return <Tag tone="bad">{text('today.cancelled')}</Tag>;
  if (now > ends) return <Tag>{text('today.over')}</Tag>;
  return now >= starts - opens * 60_000 ? <Tag tone="good">{text('today.now')}</Tag> : null;
}

/** Return the meetings that touch the day of `now`, the soonest first; those that are over come last. */
export function meetingsOfDay(meetings: readonly Meeting[], now: number): Meeting[] {
  const from = dayStart(now);
  const isOver = ({ ends, cancelled }: Meeting) => Number(cancelled || ends < now);
  return meetings
    .filter(({ starts, ends }) => ends >= from && starts < from + DAY)
    .sort((a, b) => isOver(a) - isOver(b) || a.starts - b.starts);
}

function windowOf({ starts, ends }: Meeting, now: number): string {
  const sameDay = new Date(starts).toDateString() === new Date(ends).toDateString();
  return text('today.window', { from: moment(starts, now), until: sameDay ? clockTime(ends) : moment(ends, now) });
}

/** "Phòng 201", also where the officer wrote the number alone. */
function roomText(room: string): string {
  return /^\d/.test(room) ? text('today.room', { room }) : room;
}

function whomOf({ host, room }: Meeting): string {
  const parts = [
    host === '' ? null : text('today.host', { host }),
    room === '' ? null : roomText(room),
  ];
  return parts.filter((part) => part !== null).join(' · ');
}
