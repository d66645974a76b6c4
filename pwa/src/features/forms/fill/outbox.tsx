/** /outbox: what waits to be sent, and what needs the person's attention. */
import { useSignal } from '@preact/signals';
import { Fragment } from 'preact';

import { now } from '../../../data/clock.ts';
import { record, records } from '../../../data/records.ts';
import type { RecordView } from '../../../data/records.ts';
import { discard, retry, status } from '../../../data/status.ts';
import type { Attention } from '../../../data/status.ts';
import { language, problemText, text } from '../../../text/index.ts';
import type { Key } from '../../../text/index.ts';
import { moment } from '../../../text/time.ts';
import { Confirm } from '../../../ui/confirm.tsx';
import { Empty, Facts, Row } from '../../../ui/list.tsx';
import { Page } from '../../../ui/page.tsx';
import { Button, ProblemBox, useTask } from '../../../ui/task.tsx';
import { FilesNeeded } from '../attach/waiting.tsx';
import { procedureTitle } from './title.ts';
import { keptAnswers } from '../share/kept.ts';
import { writeAnswers } from '../share/write.ts';
import { procedureOf, waitingCounts, waitingOfForms } from './waiting.ts';
import type { Counted } from './waiting.ts';

const KINDS: Readonly<Partial<Record<string, Key>>> = {
  submission: 'outbox.submission',
  draft: 'outbox.draft',
  acknowledgement: 'outbox.acknowledgement',
  meeting: 'outbox.meeting',
  invitation: 'outbox.invitation',
  invitation_order: 'outbox.invitation_order',
  checkin: 'outbox.checkin',
  verification: 'outbox.verification',
  withdrawal: 'outbox.withdrawal',
  profile: 'outbox.profile',
  claim: 'outbox.claim',
  holding: 'outbox.holding',
  joining: 'outbox.joining',
};

/** Where it can be seen what is only counted here. */
const PLACES: Readonly<Record<Counted, string>> = {
  meeting: '/meetings',
  invitation: '/meetings',
  invitation_order: '/meetings',
  checkin: '/gate/log',
  verification: '/desk',
  withdrawal: '/desk',
  profile: '/card',
  claim: '/wallet',
  holding: '/wallet',
  joining: '/shared',
};

export function Outbox() {
  const { online, trouble, attention, unsent } = status.value;
  const sending = online && trouble === null;
  const waiting = waitingOfForms();
  const counted = waitingCounts();
  return (
    <Page title={text('outbox.title')} back={{ href: '/', label: text('page.home') }}>
      {attention.length > 0 && (
        <>
          <h2>{text('outbox.attention')}</h2>
          {attention.map((each) => (
            <Trouble key={each.id} attention={each} />
          ))}
        </>
      )}
      {(waiting.length > 0 || unsent > 0) && (
        <>
          <h2>{text('outbox.waiting')}</h2>
          <p>{text(sending ? 'outbox.waiting.online' : 'outbox.waiting.offline')}</p>
          <ul class="rows">
            {waiting.map((view) => (
              <Fragment key={`${view.kind} ${view.id}`}>
                <WaitingRow view={view} />
                {view.needs.length > 0 && (
                  <li>
                    <FilesNeeded view={view} />
                  </li>
                )}
              </Fragment>
            ))}
            {counted.map(([kind, n]) => (
              <Row key={kind} href={PLACES[kind]} title={`${text(`outbox.${kind}`)}: ${n}`} />
            ))}
          </ul>
        </>
      )}
      {attention.length === 0 && unsent === 0 && (
        <Empty title={text('outbox.empty')}>
          <p>{text('outbox.empty.body')}</p>
        </Empty>
      )}
    </Page>
  );
}

function WaitingRow({ view }: { view: RecordView }) {
  const title = procedureTitle(procedureOf(view.values));
  if (view.kind === 'submission') {
    return <Row href={`/dossiers/${view.id}`} title={title} detail={text('outbox.submission')} />;
  }
  if (view.values.removed === true) {
    return (
      <li class="row">
        {title} · {text('outbox.removed')}
      </li>
    );
  }
  if (view.kind === 'draft') {
    return <Row href={`/drafts/${view.id}`} title={title} detail={text('outbox.draft')} />;
  }
  return <Row href="/inbox" title={text('outbox.acknowledgement')} />;
}

/** Answers in a draft go once more with what others must know with them. */
async function again(attention: Attention): Promise<void> {
  if (attention.kind !== 'draft') return retry(attention);
  await writeAnswers(attention.record, attention.values);
  await discard(attention);
}

function Trouble({ attention }: { attention: Attention }) {
  const asking = useSignal(false);
  const task = useTask();
  const values = record(attention.kind, attention.record).value?.values;
  const kept = keptAnswers(attention.values, records('form').value, values?.form_sha256, language.value);
  const title = procedureTitle(procedureOf({ ...values, ...attention.values }) ?? kept.form?.code);
  const over = attention.code === 'share_ended' || attention.code === 'draft_sent';
  const key = KINDS[attention.kind];
  const kind = key === undefined ? attention.kind : text(key);
  const what = title === '' ? kind : `${kind}: ${title}`;
  const name = `motcua-${attention.kind}-${attention.record}.json`;
  const file = `data:application/json;charset=utf-8,${encodeURIComponent(JSON.stringify(attention, null, 2))}`;
  return (
    <section class="card" aria-label={what}>
      <Facts
        facts={[
          [text('outbox.what'), what],
          [text('outbox.when'), moment(attention.at, now())],
          [text('outbox.why'), problemText(attention.code)],
          ...(attention.kind === 'draft' ? kept.answers : []).map(({ label, answer }) => [label, answer] as const),
        ]}
      />
      <ProblemBox code={task.problem} />
      <div class="actions">
        <Button look={over ? 'second' : 'main'} busy={task.busy} onPress={() => task.run(() => again(attention))}>
          {text('outbox.retry')}
        </Button>
        <a class={over ? 'button main' : 'button second'} href={file} download={name}>
          {text('outbox.export')}
        </a>
        <Button look="quiet" onPress={() => (asking.value = true)}>
          {text('outbox.delete')}
        </Button>
      </div>
      {asking.value && (
        <Confirm
          title={text('outbox.delete.title')}
          action={text('outbox.delete.action')}
          busy={task.busy}
          onCancel={() => (asking.value = false)}
          onConfirm={() => task.run(() => discard(attention))}
        >
          <p>{text('outbox.delete.body')}</p>
        </Confirm>
      )}
    </section>
  );
}
