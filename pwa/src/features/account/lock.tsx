/** The lock of what is personal on this phone: what protects it now, and a passkey to do so. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

import { me } from '../../data/account.ts';
import { canLock, lockIsOn, turnLockOff, turnLockOn } from '../../data/lock.ts';
import { locked } from '../../data/vault.ts';
import { text } from '../../text/index.ts';
import { Link } from '../../ui/router.tsx';
import { Button, ProblemBox, useTask } from '../../ui/task.tsx';

export function Lock() {
  const on = useSignal<boolean | null>(null);
  const able = useSignal<boolean | null>(null);
  const task = useTask();
  const look = async () => {
    on.value = await lockIsOn();
    able.value = await canLock();
  };
  useEffect(() => void look(), []);
  // A guard's phone holds nothing that this would protect, and has to work at once.
  if (me.value === null || me.value.role === 'guard' || on.value === null) return null;
  const turn = (how: () => Promise<void>) => task.run(async () => how().then(look));
  return (
    <section aria-labelledby="lock">
      <h2 id="lock">{text('lock.title')}</h2>
      <p>{text(on.value ? 'lock.on' : 'lock.off')}</p>
      <p class="soft">{text(on.value ? 'lock.on.limits' : 'lock.off.limits')}</p>
      <ProblemBox code={task.problem} />
      {locked.value && (
        <p>
          <Link href="/unlock">{text('unlock.action')}</Link>
        </p>
      )}
      {!locked.value && on.value && (
        <Button look="second" busy={task.busy} onPress={() => turn(turnLockOff)}>
          {text('lock.turn.off')}
        </Button>
      )}
      {!on.value && able.value === false && <p class="soft">{text('lock.unable')}</p>}
      {!on.value && able.value !== false && (
        <>
          <p class="soft">{text('lock.lost')}</p>
          <Button look="second" busy={task.busy} onPress={() => turn(turnLockOn)}>
            {text('lock.turn.on')}
          </Button>
        </>
      )}
    </section>
  );
}
