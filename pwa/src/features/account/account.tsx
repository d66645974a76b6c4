/** /account: who I am, my phones and passkeys, signing out. */
import { useSignal } from '@preact/signals';
import type { ComponentType } from 'preact';

import { inviteOwnPhone, me, signOut } from '../../data/account.ts';
import { records } from '../../data/records.ts';
import { status } from '../../data/status.ts';
import { language, text } from '../../text/index.ts';
import type { Language } from '../../text/index.ts';
import { calendarDay } from '../../text/time.ts';
import { OneOf } from '../../ui/choice.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import { Facts, Row } from '../../ui/list.tsx';
import { Page } from '../../ui/page.tsx';
import { navigate } from '../../ui/router.tsx';
import { Button, ProblemBox, useTask } from '../../ui/task.tsx';
import { Devices } from './devices.tsx';
import { ThisPhone } from './keeping.tsx';
import { Lock } from './lock.tsx';
import { enrolledOf, roleKey } from './model.ts';
import { unitName } from './unit.ts';

interface AccountProps {
  onLanguage: (language: Language) => void;
  /** Says how much the person did not have to tell; another feature's, so it is handed in. */
  Known: ComponentType;
}

export function Account({ onLanguage, Known }: AccountProps) {
  const mine = me.value;
  return (
    <Page title={text('account.title')}>
      {mine === null ? (
        <ul class="rows">
          <Row href="/start" title={text('way.start')} detail={text('account.none')} />
        </ul>
      ) : (
        <>
          <Facts
            facts={[
              [text('account.name'), mine.name],
              [text('account.role'), text(roleKey(mine.role))],
              mine.unit === null ? null : [text('account.unit'), unitName(mine.unit)],
            ]}
          />
          <Known />
          <Devices person={mine.id} own={mine.device} />
          <Passkeys person={mine.id} />
          <AnotherPhone />
        </>
      )}
      <h2>{text('account.language')}</h2>
      <OneOf
        id="language"
        label={text('account.language.choose')}
        choices={[
          { name: 'vi', label: 'Tiếng Việt' },
          { name: 'en', label: 'English' },
        ]}
        value={language.value}
        onChoose={(name) => onLanguage(name === 'en' ? 'en' : 'vi')}
      />
      <ThisPhone />
      <Lock />
      {mine !== null && <SignOut />}
    </Page>
  );
}

function Passkeys({ person }: { person: string }) {
  const passkeys = enrolledOf(records('passkey').value, person, 'created_at');
  if (passkeys.length === 0) return null;
  return (
    <>
      <h2>{text('account.passkeys')}</h2>
      <Facts
        facts={passkeys.map(({ label, at, revokedAt }) => [
          label === '' ? text('account.passkey') : label,
          revokedAt === null
            ? text('account.since', { day: calendarDay(at) })
            : text('account.revoked', { day: calendarDay(revokedAt) }),
        ])}
      />
    </>
  );
}

function AnotherPhone() {
  const link = useSignal<string | null>(null);
  const copied = useSignal(false);
  const task = useTask();
  return (
    <>
      <h2>{text('another.title')}</h2>
      <p>{text('another.body')}</p>
      <ProblemBox code={task.problem} />
      {link.value === null ? (
        <Button
          look="second"
          busy={task.busy}
          onPress={() =>
            task.run(async () => {
              link.value = await inviteOwnPhone();
            })
          }
        >
          {text('another.action')}
        </Button>
      ) : (
        <>
          <p class="link-out" data-testid="own-link">
            {link.value}
          </p>
          <p class="soft">{text('another.once')}</p>
          <Button
            look="second"
            onPress={() => void navigator.clipboard.writeText(link.value ?? '').then(() => (copied.value = true))}
          >
            {text('another.copy')}
          </Button>
          <p role="status">{copied.value ? text('another.copied') : ''}</p>
        </>
      )}
    </>
  );
}

function SignOut() {
  const asking = useSignal(false);
  const task = useTask();
  const waiting = status.value.unsent > 0 || status.value.attention.length > 0;
  const leave = () =>
    task.run(async () => {
      await signOut({ force: true });
      navigate('/');
    });
  return (
    <>
      <h2>{text('signout.title')}</h2>
      <p>{text('signout.body')}</p>
      <ProblemBox code={task.problem} />
      <Button look="second" busy={task.busy} onPress={() => (waiting ? (asking.value = true) : leave())}>
        {text('signout.action')}
      </Button>
      {asking.value && (
        <Confirm
          title={text('signout.unsent.title')}
          action={text('signout.unsent.action')}
          busy={task.busy}
          onConfirm={leave}
          onCancel={() => (asking.value = false)}
        >
          <p>{text('signout.unsent.body')}</p>
        </Confirm>
      )}
    </>
  );
}
