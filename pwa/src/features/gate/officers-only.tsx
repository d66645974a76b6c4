import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';

import { me } from '../../data/account.ts';
import type { Me } from '../../data/account.ts';
import { keepWholeApp } from '../../data/offline.ts';
import { text } from '../../text/index.ts';
import { Page } from '../../ui/page.tsx';
import { Link } from '../../ui/router.tsx';
import { knownMeeting } from './officer-known.ts';
import type { Meeting } from './meeting-model.ts';

/** Shows a screen to an officer whose phone may write; whoever comes by a link of somebody else's learns why not. */
export function OfficersOnly({ children }: { children: (unit: string, officer: Me) => ComponentChildren }) {
  const officer = me.value;
  const works = officer?.role === 'officer';
  useEffect(() => {
    // Offices lose their network too.
    if (works) void keepWholeApp();
  }, [works]);
  if (officer?.role === 'officer' && officer.unit !== null) return <>{children(officer.unit, officer)}</>;
  return (
    <Page title={text('officers.only')} back={{ href: '/', label: text('page.home') }}>
      <p>{text('officers.only.body')}</p>
      {officer === null && (
        <p>
          <Link href="/start">{text('way.start')}</Link>
        </p>
      )}
    </Page>
  );
}

/** Shows a screen about a meeting that is on this phone. */
export function OfMeeting({ id, children }: { id: string; children: (meeting: Meeting) => ComponentChildren }) {
  return (
    <OfficersOnly>
      {() => {
        const meeting = knownMeeting(id);
        if (meeting !== undefined) return children(meeting);
        return (
          <Page title={text('meeting.unknown')} back={{ href: '/meetings', label: text('meetings.title') }}>
            <p>{text('meeting.unknown.body')}</p>
          </Page>
        );
      }}
    </OfficersOnly>
  );
}
