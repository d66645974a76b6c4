/** /meetings/:id/sheet: cards with codes, to print, cut and hand over; works with no network. */
import { useSignal } from '@preact/signals';

import { local, text } from '../../text/index.ts';
import { OneOf } from '../../ui/choice.tsx';
import { Empty } from '../../ui/list.tsx';
import { Page } from '../../ui/page.tsx';
import { Qr } from '../../ui/qr.tsx';
import { Button } from '../../ui/task.tsx';
import type { Invitation } from './invitation-model.ts';
import type { Meeting } from './meeting-model.ts';
import { waitingOf } from './meeting-notices.tsx';
import { knownPlace, rosterOf, unitTitle } from './officer-known.ts';
import { OfMeeting } from './officers-only.tsx';
import { outdated } from './outdated.ts';
import { spanText } from './span.ts';

export function Sheet({ id }: { id: string }) {
  return <OfMeeting id={id}>{(meeting) => <Cards meeting={meeting} />}</OfMeeting>;
}

/** Letters reach the others; their cards are for those who ask. */
type Whom = 'all' | 'no_letter';

function Cards({ meeting }: { meeting: Meeting }) {
  const whom = useSignal<Whom>('all');
  const roster = rosterOf(meeting.id);
  const valid = roster.filter(({ standing }) => standing !== 'cancelled');
  const printable = valid.filter(({ code, claimed: taken }) => code !== null && !taken);
  const chosen = whom.value === 'all' ? printable : printable.filter((each) => !hasLetter(each));
  const claimed = valid.filter((each) => each.claimed).length;
  const old = waitingOf(meeting.id).orders || outdated(valid, meeting).length > 0;
  const making = roster.filter(({ code }) => code === null).length;
  return (
    <Page title={text('sheet.title')} back={{ href: `/meetings/${meeting.id}`, label: meeting.title }} wide>
      <div class="screen-only">
        <p>{text('sheet.body')}</p>
        {old && (
          <div class="notice wait">
            <p>{text('sheet.old')}</p>
          </div>
        )}
        {claimed > 0 && <p class="soft small">{text('sheet.claimed', { n: claimed })}</p>}
        {making > 0 && <p class="soft small">{text('sheet.making', { n: making })}</p>}
        <OneOf
          id="whom"
          label={text('sheet.whom')}
          choices={[
            { name: 'all', label: text('sheet.whom.all', { n: printable.length }) },
            {
              name: 'no_letter',
              label: text('sheet.whom.no_letter', { n: printable.filter((each) => !hasLetter(each)).length }),
            },
          ]}
          value={whom.value}
          onChoose={(name) => (whom.value = name === 'no_letter' ? name : 'all')}
        />
        {chosen.length > 0 && (
          <div class="actions">
            <Button onPress={() => window.print()}>{text('sheet.print', { n: chosen.length })}</Button>
          </div>
        )}
      </div>
      {chosen.length === 0 ? (
        <Empty title={text('sheet.none')} />
      ) : (
        <ul class="passes">
          {chosen.map((invitation) => (
            <Card key={invitation.id} meeting={meeting} invitation={invitation} />
          ))}
        </ul>
      )}
    </Page>
  );
}

function hasLetter({ letters }: Invitation): boolean {
  return letters.at(-1)?.state === 'sent';
}

function Card({ meeting, invitation }: { meeting: Meeting; invitation: Invitation }) {
  const place = knownPlace(meeting.place);
  const gates = place?.gates.filter(({ bit }) => meeting.gates.includes(bit)) ?? [];
  return (
    <li class="pass">
      <div>
        <Qr text={invitation.code ?? ''} label={text('guest.code.label', { name: invitation.name })} />
        <p class="pass-note">{text('sheet.note')}</p>
      </div>
      <div>
        <p class="pass-unit">{unitTitle(meeting.unit)}</p>
        <p class="pass-name short">{invitation.name}</p>
        <p class="pass-title short">{meeting.title}</p>
        <p>{spanText(meeting)}</p>
        {place !== undefined && (
          <p class="short">
            {local(place.name)}, {place.address}
          </p>
        )}
        {gates.length > 0 && (
          <p>
            {text('form.gates')}: {gates.map(({ name }) => local(name)).join(', ')}
          </p>
        )}
        {meeting.room !== '' && (
          <p>
            {text('form.room')}: {meeting.room}
          </p>
        )}
      </div>
    </li>
  );
}
