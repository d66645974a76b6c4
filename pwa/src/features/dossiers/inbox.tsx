/** /inbox: dossiers of my unit, as they arrive. */
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';

import { me } from '../../data/account.ts';
import { now } from '../../data/clock.ts';
import type { Value } from '../../sync/canonical.ts';
import { count, text } from '../../text/index.ts';
import { moment } from '../../text/time.ts';
import { Empty, Row, Tag } from '../../ui/list.tsx';
import { Page } from '../../ui/page.tsx';
import { Button } from '../../ui/task.tsx';
import { knownDossiers, procedureTitle, unitTitle } from './known.ts';
import type { Dossier } from './model.ts';

/** Reads the applicant's name from a signed document; another feature's, so it is handed in. */
export type Applicant = (document: Value) => string | null;

const PAGE = 50;

export function Inbox({ applicant }: { applicant: Applicant }) {
  const unit = me.value?.unit ?? '';
  const received = knownDossiers().filter((dossier) => dossier.receipt !== null && dossier.unit === unit);
  const fresh = received.filter(({ status }) => status === 'received');
  const handled = received.filter(({ status }) => status === 'acknowledged');
  return (
    <Page title={text('inbox.title')} kicker={unitTitle(unit)} wide>
      <Arrivals ids={received.map(({ id }) => id)} />
      <h2>{text('inbox.new')}</h2>
      {fresh.length === 0 ? (
        <Empty title={text('inbox.none')}>
          <p>{text('inbox.none.body')}</p>
        </Empty>
      ) : (
        <InboxRows dossiers={fresh} applicant={applicant} />
      )}
      {handled.length > 0 && (
        <>
          <h2>{text('inbox.handled')}</h2>
          <InboxRows dossiers={handled} applicant={applicant} />
        </>
      )}
    </Page>
  );
}

function InboxRows({ dossiers, applicant }: { dossiers: readonly Dossier[]; applicant: Applicant }) {
  const limit = useSignal(PAGE);
  return (
    <>
      <ul class="rows">
        {dossiers.slice(0, limit.value).map((dossier) => {
          const name = applicant(dossier.act.document);
          const receivedAt = dossier.receipt?.receivedAt ?? dossier.at;
          return (
            <Row
              key={dossier.id}
              href={`/inbox/${dossier.id}`}
              title={`${dossier.receipt?.code ?? ''} · ${procedureTitle(dossier.procedure)}`}
              detail={[name, moment(receivedAt, now())].filter((each) => each !== null).join(' · ')}
              tag={dossier.status === 'received' ? <Tag tone="wait">{text('inbox.unread')}</Tag> : undefined}
            />
          );
        })}
      </ul>
      {dossiers.length > limit.value && (
        <Button look="second" onPress={() => (limit.value += PAGE)}>
          {text('inbox.more')}
        </Button>
      )}
    </>
  );
}

/** Says politely how many came since the page was opened. */
function Arrivals({ ids }: { ids: readonly string[] }) {
  const seen = useRef<ReadonlySet<string> | null>(null);
  const arrived = useSignal(0);
  useEffect(() => {
    const before = seen.current;
    if (before !== null) arrived.value += ids.filter((id) => !before.has(id)).length;
    seen.current = new Set(ids);
  }, [ids.join()]);
  return (
    <p role="status" class="soft">
      {arrived.value > 0 ? count('inbox.arrived', arrived.value) : ''}
    </p>
  );
}
