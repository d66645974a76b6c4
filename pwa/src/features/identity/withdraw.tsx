/** /desk#withdraw: an officer ends the identity of the person at the desk. */
import { useSignal } from '@preact/signals';

import { change, newId } from '../../data/records.ts';
import { text } from '../../text/index.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { ErrorSummary } from '../../ui/errors.tsx';
import { TextField } from '../../ui/field.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemBox, useTask } from '../../ui/task.tsx';
import type { Subject } from './desk-model.ts';

/** What the server takes, in characters. */
const REASON_LENGTH = 500;

export function Withdraw({ subject, onMade }: { subject: Subject; onMade: (id: string) => void }) {
  const reason = useSignal('');
  const judged = useSignal({ attempt: 0, missing: false });
  const asking = useSignal(false);
  const task = useTask();
  const mistakes = judged.value.missing ? [{ id: 'reason', message: text('withdraw.reason.missing') }] : [];
  const withdraw = () =>
    task.run(async () => {
      asking.value = false;
      const id = newId();
      const withdrawal = { subject: subject.person, reason: reason.value.normalize('NFC').trim() };
      await change('withdrawal', id, { withdrawal });
      onMade(id);
    });
  return (
    <Page title={text('withdraw.title')} back={{ href: '/desk#card', label: text('verify.back') }}>
      <ErrorSummary mistakes={mistakes} attempt={judged.value.attempt} />
      <p class="lead">{text('withdraw.body')}</p>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          const missing = reason.value.trim() === '';
          judged.value = { attempt: judged.value.attempt + 1, missing };
          asking.value = !missing;
        }}
      >
        <TextField
          id="reason"
          label={text('withdraw.reason')}
          hint={text('withdraw.reason.hint')}
          error={judged.value.missing ? text('withdraw.reason.missing') : undefined}
          multiline
          most={REASON_LENGTH}
          value={reason.value}
          onInput={(value) => (reason.value = value)}
        />
        <ProblemBox code={task.problem} />
        <div class="actions">
          <button class="button danger" aria-disabled={task.busy}>
            {text('withdraw.action')}
          </button>
        </div>
      </form>
      {asking.value && (
        <Confirm
          title={text('withdraw.confirm')}
          action={text('withdraw.action')}
          busy={task.busy}
          onCancel={() => (asking.value = false)}
          onConfirm={withdraw}
        >
          <p>{text('withdraw.confirm.body')}</p>
        </Confirm>
      )}
    </Page>
  );
}
