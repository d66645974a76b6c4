/** /unlock, and whatever is personal while it is locked: ask for the passkey, or begin anew without it. */
import { useSignal } from '@preact/signals';

import { signOut } from '../../data/account.ts';
import { unlock } from '../../data/lock.ts';
import { status } from '../../data/status.ts';
import { locked } from '../../data/vault.ts';
import { count, text } from '../../text/index.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { Page } from '../../ui/page.tsx';
import { navigate, place } from '../../ui/router.tsx';
import { Button, ProblemBox, useTask } from '../../ui/task.tsx';

export function Unlock() {
  const task = useTask();
  const leaving = useSignal(false);
  const { unsent } = status.value;
  const open = () =>
    task.run(async () => {
      await unlock();
      // What was asked for is shown from here on; whoever came to this very place goes home.
      if (place.value.path === '/unlock') navigate('/', { replace: true });
    });
  const leave = () =>
    task.run(async () => {
      await signOut({ force: true });
      navigate('/start');
    });
  return (
    <Page title={text(locked.value ? 'unlock.title' : 'unlock.open')} back={{ href: '/', label: text('page.home') }}>
      {locked.value && (
        <>
          <p>{text('unlock.body')}</p>
          <ProblemBox code={task.problem} />
          <div class="actions">
            <Button busy={task.busy} onPress={open}>
              {text('unlock.action')}
            </Button>
          </div>
          <h2>{text('unlock.lost.title')}</h2>
          <p>{text('unlock.lost.body')}</p>
          <Button look="second" onPress={() => (leaving.value = true)}>
            {text('unlock.lost.action')}
          </Button>
        </>
      )}
      {leaving.value && (
        <Confirm
          title={text('unlock.lost.confirm')}
          action={text('unlock.lost.action')}
          busy={task.busy}
          onCancel={() => (leaving.value = false)}
          onConfirm={leave}
        >
          {unsent > 0 && <p>{count('unlock.lost.unsent', unsent)}</p>}
          <ProblemBox code={task.problem} />
        </Confirm>
      )}
    </Page>
  );
}
