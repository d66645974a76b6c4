/** /dossiers: what I sent, and where it stands. */
import { now } from '../../data/clock.ts';
import { text } from '../../text/index.ts';
import type { Key } from '../../text/index.ts';
import { moment } from '../../text/time.ts';
import { Empty, Row, Tag } from '../../ui/list.tsx';
import type { Tone } from '../../ui/list.tsx';
import { Page } from '../../ui/page.tsx';
import { Link } from '../../ui/router.tsx';
import { ownDossiers, procedureTitle } from './known.ts';
import type { Dossier } from './model.ts';

const STATUS: Readonly<Record<Dossier['status'], { key: Key; tone: Tone }>> = {
  waiting: { key: 'dossier.status.waiting', tone: 'wait' },
  received: { key: 'dossier.status.received', tone: 'good' },
  acknowledged: { key: 'dossier.status.acknowledged', tone: 'good' },
};

export function Dossiers() {
  const all = ownDossiers();
  return (
    <Page title={text('dossiers.title')}>
      {all.length === 0 ? (
        <Empty title={text('dossiers.none')}>
          <p>{text('dossiers.none.body')}</p>
          <p>
            <Link href="/procedures">{text('home.procedures.all')}</Link>
          </p>
        </Empty>
      ) : (
        <DossierRows dossiers={all} />
      )}
    </Page>
  );
}

export function DossierRows({ dossiers }: { dossiers: readonly Dossier[] }) {
  return (
    <ul class="rows">
      {dossiers.map((dossier) => (
        <Row
          key={dossier.id}
          href={`/dossiers/${dossier.id}`}
          title={procedureTitle(dossier.procedure)}
          detail={
            <>
              {dossier.receipt !== null && <span class="together">{dossier.receipt.code}&nbsp;·&nbsp;</span>}
              <span class="together">{moment(dossier.at, now())}</span>
            </>
          }
          tag={<StatusTag status={dossier.status} />}
        />
      ))}
    </ul>
  );
}

export function StatusTag({ status }: { status: Dossier['status'] }) {
  return <Tag tone={STATUS[status].tone}>{text(STATUS[status].key)}</Tag>;
}

const SHOWN_AT_HOME = 3;

/** The latest dossiers, for the home page; nothing when there is none. */
export function LatestDossiers() {
  const all = ownDossiers();
  if (all.length === 0) return null;
  return (
    <>
      <h2>{text('home.dossiers')}</h2>
      <DossierRows dossiers={all.slice(0, SHOWN_AT_HOME)} />
      {all.length > SHOWN_AT_HOME && (
        <p>
          <Link href="/dossiers">{text('home.dossiers.all')}</Link>
        </p>
      )}
    </>
  );
}
