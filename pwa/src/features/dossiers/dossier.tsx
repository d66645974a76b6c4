/** /dossiers/:id: one dossier of mine; right after signing it is the confirmation. */
import type { ComponentType } from 'preact';

import { record } from '../../data/records.ts';
import type { RecordView } from '../../data/records.ts';
import { status } from '../../data/status.ts';
import type { Value } from '../../sync/canonical.ts';
import { problemText, text } from '../../text/index.ts';
import { fullMoment } from '../../text/time.ts';
import { Page } from '../../ui/page.tsx';
import { Link } from '../../ui/router.tsx';
import { Button } from '../../ui/task.tsx';
import { Outcomes, useOutcomes } from './check.tsx';
import { knownDossiers, procedureTitle, unitTitle } from './known.ts';
import { textOf, timeOf } from './model.ts';
import type { Dossier as Whole } from './model.ts';
import { PrintedHead, PrintedSignature } from './printed.tsx';
import { receiptOutcomes } from './receipt.ts';
import { signatureFacts } from './signature.ts';

/** Shows what was signed; another feature's, so it is handed in. */
export type AnswersView = ComponentType<{ document: Value }>;

/** Says which files it waits for; another feature's too. */
export type FilesView = ComponentType<{ view: RecordView | undefined }>;

interface DossierProps {
  id: string;
  Answers: AnswersView;
  Files: FilesView;
}

export function Dossier({ id, Answers, Files }: DossierProps) {
  const dossier = knownDossiers().find((each) => each.id === id);
  const back = { href: '/dossiers', label: text('dossiers.title') };
  if (dossier === undefined) {
    return (
      <Page title={text('dossier.unknown')} back={back}>
        <p>{text('dossier.unknown.body')}</p>
      </Page>
    );
  }
  return (
    <Page title={procedureTitle(dossier.procedure)} kicker={unitTitle(dossier.unit)} back={back}>
      <PrintedHead dossier={dossier} />
      <div class="screen-only" role="status">
        <Panel dossier={dossier} Files={Files} />
      </div>
      {dossier.status !== 'acknowledged' && <Next dossier={dossier} />}
      <div class="screen-only">
        <h2>{text('dossier.timeline')}</h2>
        <Timeline dossier={dossier} />
        {dossier.receipt !== null && <ReceiptCheck dossier={dossier} />}
      </div>
      <h2>{text('dossier.answers')}</h2>
      <Answers document={dossier.act.document} />
      <PrintedSignature dossier={dossier} />
      <Keep dossier={dossier} />
    </Page>
  );
}

function Panel({ dossier, Files }: { dossier: Whole; Files: FilesView }) {
  const refused = status.value.attention.find(({ kind, record: id }) => kind === 'submission' && id === dossier.id);
  if (dossier.receipt !== null) {
    return (
      <div class="panel">
        <h2>{text('dossier.received')}</h2>
        <p>{text('dossier.code')}</p>
        <p class="code" data-testid="dossier-code">
          {dossier.receipt.code}
        </p>
      </div>
    );
  }
  if (refused !== undefined) {
    return (
      <div class="notice bad">
        <h2>{text('dossier.refused')}</h2>
        <p>{problemText(refused.code)}</p>
        <p>
          <Link href="/outbox">{text('dossier.refused.action')}</Link>
        </p>
      </div>
    );
  }
  const sending = status.value.online && status.value.trouble === null;
  const view = record('submission', dossier.id).value;
  if (view !== undefined && view.needs.length > 0) {
    return (
      <div class="panel waiting">
        <h2>{text('dossier.files')}</h2>
        <p>{text('dossier.files.body')}</p>
        <Files view={view} />
      </div>
    );
  }
  return (
    <div class="panel waiting">
      <h2>{text(sending ? 'dossier.sending' : 'dossier.signed')}</h2>
      <p>{text(sending ? 'dossier.signed.online' : 'dossier.signed.offline')}</p>
    </div>
  );
}

function Next({ dossier }: { dossier: Whole }) {
  return (
    <section class="screen-only" aria-labelledby="next">
      <h2 id="next">{text('dossier.next')}</h2>
      <p>
        {dossier.status === 'waiting'
          ? text('dossier.next.waiting')
          : text('dossier.next.received', { unit: unitTitle(dossier.unit) })}
      </p>
    </section>
  );
}

function Timeline({ dossier: { act, receipt, acknowledgement, unit } }: { dossier: Whole }) {
  const signedAt = timeOf(act.document);
  const word = acknowledgement?.document;
  const wordAt = timeOf(word);
  const message = word === undefined ? '' : textOf(word, 'message');
  return (
    <ol class="timeline">
      <li class="done">
        <strong>{text('timeline.signed')}</strong>
        <span class="soft">{signedAt === null ? '' : text('timeline.claimed', { time: fullMoment(signedAt) })}</span>
      </li>
      <li class={receipt === null ? undefined : 'done'}>
        <strong>
          {text(receipt === null ? 'timeline.receiving' : 'timeline.received', { unit: unitTitle(unit) })}
        </strong>
        {receipt !== null && <span class="soft">{fullMoment(receipt.receivedAt)}</span>}
      </li>
      <li class={word === undefined ? undefined : 'done'}>
        <strong>
          {word === undefined
            ? text('timeline.acknowledging')
            : text('timeline.acknowledged', { name: textOf(word, 'name') })}
        </strong>
        {wordAt !== null && <span class="soft">{fullMoment(wordAt)}</span>}
        {message !== '' && <blockquote>{message}</blockquote>}
      </li>
    </ol>
  );
}

function ReceiptCheck({ dossier }: { dossier: Whole }) {
  // The trust list may arrive, or change, after this page was opened.
  const trust = record('trust', 'trust').value?.values.jws;
  const about = `${dossier.receipt?.jws ?? ''} ${typeof trust === 'string' ? trust : ''}`;
  const outcomes = useOutcomes(about, async () => receiptOutcomes(dossier, await signatureFacts(dossier.act)));
  return (
    <>
      <h2>{text('dossier.receipt')}</h2>
      <p class="soft">{text('dossier.receipt.body')}</p>
      <Outcomes outcomes={outcomes} />
    </>
  );
}

function Keep({ dossier }: { dossier: Whole }) {
  return (
    <div class="screen-only">
      <h2>{text('dossier.keep')}</h2>
      <p>{text('dossier.keep.body')}</p>
      <div class="actions">
        <Button look="second" onPress={() => window.print()}>
          {text('dossier.print')}
        </Button>
        {dossier.receipt !== null && (
          <a class="button second" href={`/dossiers/${dossier.id}/evidence`} download>
            {text('dossier.evidence')}
          </a>
        )}
      </div>
    </div>
  );
}
