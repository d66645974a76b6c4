/** What an officer must know of a meeting before anything else, each with the one thing to do about it. */
import type { ComponentChildren } from 'preact';

import { records } from '../../data/records.ts';
import { status } from '../../data/status.ts';
import { isObject } from '../../sync/canonical.ts';
import { count, text } from '../../text/index.ts';
import type { Key } from '../../text/index.ts';
import { Link } from '../../ui/router.tsx';
import { Button, ProblemBox, useTask } from '../../ui/task.tsx';
import { failedOf } from './invitation-model.ts';
import type { Invitation } from './invitation-model.ts';
import type { Meeting } from './meeting-model.ts';
import { order } from './orders.ts';
import { outdated } from './outdated.ts';

interface NoticesProps {
  meeting: Meeting;
  roster: readonly Invitation[];
  /** It is neither cancelled nor over. */
  open: boolean;
}

export function Notices({ meeting, roster, open }: NoticesProps) {
  const waiting = waitingOf(meeting.id);
  const old = open && !waiting.orders ? outdated(roster, meeting) : [];
  const failed = open ? failedOf(roster) : [];
  return (
    <>
      {meeting.cancelled && (
        <div class="notice bad">
          <h2>{text('meeting.off')}</h2>
          <p>{text('meeting.off.body')}</p>
        </div>
      )}
      {meeting.unsettled && (
        <div class="notice wait">
          <h2>{text('meeting.unsettled')}</h2>
          <p>{text('meeting.unsettled.body')}</p>
          <p>
            <Link href={`/meetings/${meeting.id}/edit`}>{text('meeting.unsettled.action')}</Link>
          </p>
        </div>
      )}
      {(waiting.orders || waiting.guests > 0) && (
        <div class="notice wait" role="status">
          {waiting.guests > 0 && <p>{count('meeting.waiting.guests', waiting.guests)}</p>}
          {waiting.orders && <p>{text('meeting.waiting.orders')}</p>}
        </div>
      )}
      {old.length > 0 && (
        <Offer
          title={count('meeting.outdated', old.length)}
          action={count('meeting.outdated.action', old.length)}
          work={() => order(meeting, 'reissue', old.map(({ id }) => id))}
        >
          <p>{text('meeting.outdated.body')}</p>
        </Offer>
      )}
      {failed.length > 0 && (
        <Offer
          title={count('meeting.failed', failed.length)}
          action={text('meeting.failed.action')}
          work={() => order(meeting, 'resend', failed.map(({ id }) => id))}
        >
          <ul>
            {failed.slice(0, NAMED).map(({ id, name, letters }) => (
              <li key={id}>
                <Link href={`/meetings/${meeting.id}/guests/${id}`}>{name}</Link>: {whyNot(letters.at(-1)?.error ?? '')}
              </li>
            ))}
            {failed.length > NAMED && <li>{text('meeting.failed.more', { n: failed.length - NAMED })}</li>}
          </ul>
        </Offer>
      )}
    </>
  );
}

/** What mail servers say most, in the officer's language (RFC 3463); else their own words. */
function whyNot(words: string): string {
  const known = REASONS.find(([sign]) => sign.test(words));
  return known === undefined ? words : text(known[1]);
}

const REASONS: readonly [RegExp, Key][] = [
  [/\b5\.1\.\d|no such (user|mailbox)|(user|mailbox) (unknown|not found)|unknown user/i, 'letters.no_mailbox'],
  [/\b[45]\.2\.2|quota|mailbox (is )?full/i, 'letters.full'],
  [/\b5\.4\.4|domain|host (unknown|not found)|no mx/i, 'letters.no_domain'],
  [/\b5\.7\.\d|spam|polic|blocked/i, 'letters.blocked'],
];

/** The first of them by name; all of them can be found in the list. */
const NAMED = 3;

interface OfferProps {
  title: string;
  action: string;
  work: () => Promise<void>;
  children: ComponentChildren;
}

function Offer({ title, action, work, children }: OfferProps) {
  const task = useTask();
  return (
    <div class="notice wait">
      <h2>{title}</h2>
      {children}
      <ProblemBox code={task.problem} />
      <p>
        <Button look="second" busy={task.busy} onPress={() => task.run(work)}>
          {action}
        </Button>
      </p>
    </div>
  );
}

/** What of this meeting is on this phone only, while there is no network. */
export function waitingOf(meeting: string): { guests: number; orders: boolean } {
  if (status.value.unsent === 0) return { guests: 0, orders: false };
  const unsent = (kind: 'invitation' | 'invitation_order') =>
    records(kind).value.filter(({ unsent: waits, values }) => {
      const value = values[kind];
      return waits && value !== undefined && isObject(value) && value.meeting === meeting;
    }).length;
  return { guests: unsent('invitation'), orders: unsent('invitation_order') > 0 };
}
