/** /desk-code: whose phone this is, for the officer who checks card and face. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

import { deskText } from '../../codes/desk.ts';
import { me } from '../../data/account.ts';
import { now } from '../../data/clock.ts';
import { ownDevice } from '../../data/device.ts';
import { record } from '../../data/records.ts';
import { text } from '../../text/index.ts';
import { Page } from '../../ui/page.tsx';
import { Link } from '../../ui/router.tsx';
import { Qr } from '../../ui/qr.tsx';
import { codeOf, ProblemBox } from '../../ui/task.tsx';
import '../../ui/style/code.css';

/** An office takes a code for half an hour; a new one now and then keeps it fresh while people queue. */
const PERIOD = 5 * 60_000;

export function DeskCode() {
  const code = useSignal<string | null>(null);
  const problem = useSignal<string | null>(null);
  const verified = record('identity', me.value?.id ?? '').value?.values;
  // What an officer confirms while the page is open is news; an older one is not.
  const before = useSignal(verified?.verification);
  useEffect(() => {
    const make = (): void => {
      deskCode().then(
        (made) => (code.value = made),
        (error: unknown) => (problem.value = codeOf(error)),
      );
    };
    make();
    const timer = setInterval(make, PERIOD);
    return () => clearInterval(timer);
  }, []);
  const confirmed = verified !== undefined && verified.verification !== before.value;
  return (
    <Page title={text('desk-code.title')} back={{ href: '/wallet', label: text('wallet.title') }}>
      <div role="status">{confirmed && <p class="notice">{text('desk-code.done')}</p>}</div>
      {confirmed ? (
        <div class="actions">
          <Link class="button main" href="/wallet">
            {text('claim.done.action')}
          </Link>
        </div>
      ) : (
        <>
          <p class="lead">{text('desk-code.lead')}</p>
          <ProblemBox code={problem.value} />
          {code.value !== null && (
            <figure class="shown-code" data-testid="desk-code" data-code={code.value}>
              <Qr text={code.value} label={text('desk-code.code')} />
            </figure>
          )}
          <p class="soft">{text('desk-code.hint')}</p>
          <p class="soft">{text('desk-code.then')}</p>
        </>
      )}
    </Page>
  );
}

async function deskCode(): Promise<string> {
  const { id, sign } = await ownDevice();
  const person = me.value?.id ?? '';
  return deskText({ person, device: id, iat: Math.floor(now() / 1000) }, sign);
}
