import { useSignal } from '@preact/signals';

import { revokeDevice } from '../../data/account.ts';
import { records } from '../../data/records.ts';
import { text } from '../../text/index.ts';
import { calendarDay } from '../../text/time.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { Tag } from '../../ui/list.tsx';
import { Button, ProblemBox, useTask } from '../../ui/task.tsx';
import { enrolledOf } from './model.ts';
import type { Enrolled } from './model.ts';

/** The phones bound to this account; a lost one is taken off from any other. */
export function Devices({ person, own }: { person: string; own: string | null }) {
  const devices = enrolledOf(records('device').value, person, 'enrolled_at');
  const leaving = useSignal<Enrolled | null>(null);
  const task = useTask();
  return (
    <>
      <h2>{text('devices.title')}</h2>
      <ProblemBox code={task.problem} />
      {devices.length === 0 && <p class="soft">{text('devices.none')}</p>}
      <ul class="rows">
        {devices.map((device) => (
          <li key={device.id} class="row">
            <span class="row-text">
              <strong>{device.label}</strong>
              <span class="row-detail">
                {device.revokedAt === null
                  ? text('account.since', { day: calendarDay(device.at) })
                  : text('account.revoked', { day: calendarDay(device.revokedAt) })}
              </span>
            </span>
            {device.id === own && <Tag tone="good">{text('devices.this')}</Tag>}
            {device.id !== own && device.revokedAt === null && (
              <Button look="quiet" onPress={() => (leaving.value = device)}>
                {text('devices.revoke')}
                <span class="visually-hidden"> {device.label}</span>
              </Button>
            )}
          </li>
        ))}
      </ul>
      {leaving.value !== null && (
        <Confirm
          title={text('devices.revoke.title', { label: leaving.value.label })}
          action={text('devices.revoke.action')}
          busy={task.busy}
          onCancel={() => (leaving.value = null)}
          onConfirm={() => {
            const id = leaving.value?.id;
            leaving.value = null;
            if (id !== undefined) task.run(() => revokeDevice(id));
          }}
        >
          <p>{text('devices.revoke.body')}</p>
        </Confirm>
      )}
    </>
  );
}
