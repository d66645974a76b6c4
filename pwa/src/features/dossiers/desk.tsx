/** /inbox/:id: one dossier on the officer's desk. */
import { record } from '../../data/records.ts';
import type { Value } from '../../sync/canonical.ts';
import { text } from '../../text/index.ts';
import { fullMoment } from '../../text/time.ts';
import { Facts } from '../../ui/list.tsx';
import { Page } from '../../ui/page.tsx';
import { Acknowledge } from './acknowledge.tsx';
import { Outcomes, useOutcomes } from './check.tsx';
import type { AnswersView } from './dossier.tsx';
import type { Applicant } from './inbox.tsx';
import { knownDossiers, procedureTitle, unitTitle } from './known.ts';
import { StatusTag } from './list.tsx';
import { textOf, timeOf } from './model.ts';
import type { Act, Dossier } from './model.ts';
import { receiptOutcomes } from './receipt.ts';
import { signatureFacts } from './signature.ts';

interface DeskProps {
  id: string;
  Answers: AnswersView;
  applicant: Applicant;
  /** Whether the summary's hash is that of the answers; null when that can't be told here. */
  summaryFits: (document: Value) => Promise<boolean | null>;
}

export function Desk({ id, Answers, applicant, summaryFits }: DeskProps) {
  const dossier = knownDossiers().find((each) => each.id === id);
  const back = { href: '/inbox', label: text('inbox.title') };
  if (dossier === undefined || dossier.receipt === null) {
    return (
      <Page title={text('dossier.unknown')} back={back}>
        <p>{text('dossier.unknown.body')}</p>
      </Page>
    );
  }
  const { act, receipt } = dossier;
  const name = applicant(act.document);
  const signedAt = timeOf(act.document);
  return (
    <Page title={procedureTitle(dossier.procedure)} kicker={unitTitle(dossier.unit)} back={back}>
      <Facts
        facts={[
          [text('dossier.code'), <span key="code" data-testid="dossier-code">{receipt.code}</span>],
          [text('desk.status'), <StatusTag key="status" status={dossier.status} />],
          name === null ? null : [text('desk.applicant'), name],
          [text('desk.received'), fullMoment(receipt.receivedAt)],
          signedAt === null ? null : [text('desk.claimed'), fullMoment(signedAt)],
        ]}
      />
      <h2>{text('dossier.answers')}</h2>
      <Answers document={act.document} />
      <Checks dossier={dossier} act={act} summaryFits={summaryFits} />
      {dossier.acknowledgement === null ? (
        <Acknowledge dossier={dossier} />
      ) : (
        <Acknowledged act={dossier.acknowledgement} />
      )}
    </Page>
  );
}

function Acknowledged({ act: { document } }: { act: Act }) {
  const at = timeOf(document);
  return (
    <div class="notice" role="status">
      <h2>{text('acknowledge.done')}</h2>
      <p>{text('acknowledge.by', { name: textOf(document, 'name'), time: at === null ? '' : fullMoment(at) })}</p>
      <p>{textOf(document, 'message')}</p>
    </div>
  );
}

function Checks({ dossier, act, summaryFits }: { dossier: Dossier; act: Act; summaryFits: DeskProps['summaryFits'] }) {
  const trust = record('trust', 'trust').value?.values.jws;
  const outcomes = useOutcomes(`${dossier.receipt?.jws ?? ''} ${typeof trust === 'string' ? trust : ''}`, async () => {
    const facts = await signatureFacts(act);
    return [
      { what: 'check.challenge', holds: facts.challenge },
      { what: 'check.user', holds: facts.userVerified },
      { what: 'check.place', holds: facts.place, ...(facts.origin === null ? {} : { found: facts.origin }) },
      { what: 'check.summary', holds: await summaryFits(act.document) },
      ...(await receiptOutcomes(dossier, facts)),
    ];
  });
  return (
    <>
      <h2>{text('desk.checks')}</h2>
      <p>{text('desk.checks.here')}</p>
      <Outcomes outcomes={outcomes} />
      <p>{text('desk.checks.server')}</p>
      <ul class="checks">
        {(['check.server.signature', 'check.server.passkey', 'check.server.form'] as const).map((key) => (
          <li key={key} class={dossier.receipt === null ? undefined : 'yes'}>
            <span class="mark" aria-hidden="true">
              ✓
            </span>
            <span>{text(key)}</span>
          </li>
        ))}
      </ul>
      <p>
        <a href={`/dossiers/${dossier.id}/evidence`} download>
          {text('dossier.evidence')}
        </a>
      </p>
    </>
  );
}
