/** /shared, /shared#draft.secret: take an invitation to fill a draft together, offline too. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

import { me } from '../../../data/account.ts';
import { keep, kept } from '../../../data/preferences.ts';
import { change, newId, record, records } from '../../../data/records.ts';
import { status } from '../../../data/status.ts';
import { isObject } from '../../../sync/canonical.ts';
import type { Value } from '../../../sync/canonical.ts';
import { problemText, text } from '../../../text/index.ts';
import { Facts } from '../../../ui/list.tsx';
import { Page } from '../../../ui/page.tsx';
import { Link, navigate, place } from '../../../ui/router.tsx';
import { Scanner } from '../../../ui/scan/scanner.tsx';
import { Button, ProblemBox, useTask } from '../../../ui/task.tsx';
import { isOwn } from '../fill/model.ts';
import { procedureTitle } from '../fill/title.ts';
import { invitationIn } from './link.ts';
import type { Invitation } from './link.ts';

/** An invitation that came by link outlives the way over the sign-in page. */
const KEPT = 'invitation';

export function Join() {
  const came = useSignal(before());
  const wrong = useSignal(false);
  const invitation = invitationIn(came.value);
  const { fragment } = place.value;
  const take = (read: string): void => {
    wrong.value = invitationIn(read) === null;
    if (wrong.value) return;
    came.value = read;
    keep(KEPT, read);
  };
  useEffect(() => {
    if (fragment === '') return;
    take(fragment);
    // From now on the address, which others may see or copy, does not show the secret.
    navigate('/shared', { replace: true });
  }, [fragment]);
  return (
    <Page title={text('share.join.title')} back={{ href: '/', label: text('page.home') }}>
      <p role="alert" class={wrong.value ? 'notice bad' : undefined}>
        {wrong.value ? text('share.join.wrong') : ''}
      </p>
      {invitation === null ? (
        <>
          <p>{text('share.join.aim')}</p>
          <Scanner onText={take} />
        </>
      ) : (
        <Offer
          key={invitation.secret}
          invitation={invitation}
          onOther={() => {
            forget();
            came.value = '';
          }}
        />
      )}
    </Page>
  );
}

function Offer({ invitation, onOther }: { invitation: Invitation; onOther: () => void }) {
  const { draft, procedure } = invitation;
  const title = procedure === null ? '' : procedureTitle(procedure);
  const view = record('draft', draft).value;
  if (view?.values.owner !== undefined) return <In draft={draft} own={isOwn(view, me.value?.id)} />;
  return (
    <>
      <p class="lead">{text('share.join.lead')}</p>
      {title !== '' && <Facts facts={[[text('share.join.what'), title]]} />}
      <Ways invitation={invitation} />
      <Button look="quiet" onPress={onOther}>
        {text('share.join.another')}
      </Button>
    </>
  );
}

/** What can be done with an invitation now: come in, wait for the network, or hear why not. */
function Ways({ invitation: { draft, secret } }: { invitation: Invitation }) {
  const task = useTask();
  const mine = me.value;
  const asked = records('joining').value.find(({ values }) => isOf(values.joining, secret));
  const refused = status.value.attention.find(({ kind, values }) => kind === 'joining' && isOf(values.joining, secret));
  if (mine?.device == null) {
    return (
      <div class="notice wait">
        <p>{text('share.join.sign-in')}</p>
        <p>
          <Link class="button main" href="/start?next=/shared">
            {text('share.join.sign-in.action')}
          </Link>
        </p>
      </div>
    );
  }
  // It was taken once, and the draft is not here: the share has ended, and the invitation with it.
  if (asked?.unsent === false) return <NotIn code="invite_over" />;
  if (asked !== undefined) {
    return (
      <div class="notice wait" role="status">
        <h2>{text('share.join.waiting')}</h2>
        <p>{text('share.join.waiting.body')}</p>
      </div>
    );
  }
  if (refused !== undefined) return <NotIn code={refused.code} />;
  const join = () =>
    task.run(async () => {
      await change('joining', newId(), { joining: { draft, secret } });
      forget();
    });
  return (
    <>
      <p>{text('share.join.body', { name: mine.name })}</p>
      <ProblemBox code={task.problem} />
      <div class="actions">
        <Button busy={task.busy} onPress={join}>
          {text('share.join.action')}
        </Button>
      </div>
    </>
  );
}

function NotIn({ code }: { code: string }) {
  return (
    <div class="notice bad" role="alert">
      <p>{problemText(code)}</p>
    </div>
  );
}

function In({ draft, own }: { draft: string; own: boolean }) {
  useEffect(forget, []);
  return (
    <>
      <h2>{text('share.join.done')}</h2>
      {own && <p>{text('share.join.own')}</p>}
      <div class="actions">
        <Button onPress={() => navigate(`/drafts/${draft}`, { replace: true })}>{text('share.join.open')}</Button>
      </div>
    </>
  );
}

function isOf(joining: Value | undefined, secret: string): boolean {
  return joining !== undefined && isObject(joining) && joining.secret === secret;
}

function before(): string {
  return kept(KEPT) ?? '';
}

function forget(): void {
  keep(KEPT, '');
}
