/** /claim, /claim#code: take an invitation into the wallet. What it does to the code in the mail is said before. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

import type { Invitation } from '../../codes/invitation.ts';
import { me } from '../../data/account.ts';
import { now } from '../../data/clock.ts';
import { keep, kept } from '../../data/preferences.ts';
import { text } from '../../text/index.ts';
import { Facts } from '../../ui/list.tsx';
import { Page } from '../../ui/page.tsx';
import { Link, place } from '../../ui/router.tsx';
import { Scanner } from '../../ui/scan/scanner.tsx';
import { Button, ProblemBox, useTask } from '../../ui/task.tsx';
import { claim } from './keys.ts';
import { placeName } from './known.ts';
import { invitationIn } from './model.ts';
import { entryWindow } from './window.ts';

/** A code that came by link outlives the way over the sign-in page. */
const KEPT = 'claim';

export function Claim() {
  const code = useSignal<string | null>(fromLink());
  const wrong = useSignal(code.value !== null && invitationIn(code.value) === null);
  const done = useSignal(false);
  const said = code.value === null ? null : invitationIn(code.value);
  useEffect(() => {
    if (said !== null && code.value !== null && me.value?.device == null) keep(KEPT, code.value);
  }, [code.value]);
  const take = (read: string): void => {
    wrong.value = invitationIn(read) === null;
    if (!wrong.value) code.value = read;
  };
  if (done.value) return <Done />;
  return (
    <Page title={text('claim.title')} back={{ href: '/wallet', label: text('wallet.title') }}>
      <p role="alert" class={wrong.value ? 'notice bad' : undefined}>
        {wrong.value ? text('claim.not-invitation') : ''}
      </p>
      {said === null || code.value === null ? (
        <>
          <p>{text('claim.aim')}</p>
          <Scanner onText={take} />
        </>
      ) : (
        <Offer code={code.value} said={said} onDone={() => (done.value = true)} onOther={() => (code.value = null)} />
      )}
    </Page>
  );
}

interface OfferProps {
  code: string;
  said: Invitation;
  onDone: () => void;
  onOther: () => void;
}

function Offer({ code, said, onDone, onOther }: OfferProps) {
  const task = useTask();
  const past = said.exp * 1000 <= now();
  return (
    <>
      <p class="lead">{text('claim.lead')}</p>
      <Facts
        facts={[
          [text('claim.for'), said.name],
          [text('claim.place'), placeName(said.place)],
          [text('claim.window'), entryWindow(said.nbf * 1000, said.exp * 1000)],
          [text('claim.entries'), said.entries === 0 ? text('claim.entries.unbounded') : said.entries],
        ]}
      />
      {past ? <p class="notice wait">{text('claim.past')}</p> : <p class="notice">{text('claim.effect')}</p>}
      <ProblemBox code={task.problem} />
      {!past && <Ways busy={task.busy} onClaim={() => task.run(() => claim(code).then(forget).then(onDone))} />}
      <p class="soft">{text('claim.keep')}</p>
      <Button look="quiet" onPress={onOther}>
        {text('claim.another')}
      </Button>
    </>
  );
}

/** Only a resident's phone that is bound to an account can hold an invitation. */
function Ways({ busy, onClaim }: { busy: boolean; onClaim: () => void }) {
  const mine = me.value;
  if (mine !== null && mine.role !== 'resident') return <p class="notice wait">{text('claim.staff')}</p>;
  if (mine?.device == null) {
    return (
      <div class="notice wait">
        <p>{text('claim.sign-in')}</p>
        <p>
          <Link class="button main" href="/start?next=/claim">
            {text('claim.sign-in.action')}
          </Link>
        </p>
      </div>
    );
  }
  return (
    <div class="actions">
      <Button busy={busy} onPress={onClaim}>
        {text('claim.action')}
      </Button>
    </div>
  );
}

function Done() {
  return (
    <Page title={text('claim.done')}>
      <p>{text('claim.done.body')}</p>
      <div class="actions">
        <Link class="button main" href="/wallet">
          {text('claim.done.action')}
        </Link>
      </div>
    </Page>
  );
}

function fromLink(): string | null {
  const { fragment } = place.peek();
  if (fragment !== '') return decoded(fragment);
  const before = kept(KEPT) ?? '';
  return before === '' ? null : before;
}

function decoded(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment; // shown as no invitation
  }
}

function forget(): void {
  keep(KEPT, '');
}
