import { useSignal } from '@preact/signals';

import { text } from '../../text/index.ts';
import { ErrorSummary } from '../../ui/errors.tsx';
import { TextField } from '../../ui/field.tsx';
import { ProblemBox, useTask } from '../../ui/task.tsx';
import { faultSentence } from './faults.ts';
import type { Judging, Send } from './inviting.ts';
import { judgeOne, NAME_LENGTH } from './list-model.ts';
import type { Fault } from './list-model.ts';

/** Type one guest after the other; the fields are empty again for the next. */
export function InviteOne({ judging, send }: { judging: Judging; send: Send }) {
  const name = useSignal('');
  const email = useSignal('');
  const judged = useSignal<{ attempt: number; faults: readonly Fault[] }>({ attempt: 0, faults: [] });
  const task = useTask();
  const { attempt, faults } = judged.value;
  const wrongAddress = faults.find(({ code }) => code === 'email_wrong');
  const wrongName = faults.find(({ code }) => code !== 'email_wrong');

  const mistakes = faults.map((fault) => ({
    id: fault === wrongAddress ? 'email' : 'name',
    message: faultSentence(fault),
  }));

  function submit(): void {
    const guest = judgeOne({ name: name.value, email: email.value }, judging);
    if (Array.isArray(guest)) {
      judged.value = { attempt: attempt + 1, faults: guest };
      return;
    }
    judged.value = { attempt: 0, faults: [] };
    task.run(async () => {
      await send([guest], () => undefined);
      name.value = '';
      email.value = '';
      document.getElementById('name')?.focus();
    });
  }

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <ErrorSummary mistakes={mistakes} attempt={attempt} />
      <TextField
        id="name"
        label={text('invite.name')}
        hint={text('invite.name.hint')}
        error={wrongName === undefined ? undefined : faultSentence(wrongName)}
        most={NAME_LENGTH}
        value={name.value}
        onInput={(value) => (name.value = value)}
      />
      <TextField
        id="email"
        label={text('invite.email')}
        hint={text('invite.email.hint')}
        error={wrongAddress === undefined ? undefined : faultSentence(wrongAddress)}
        optional
        keyboard="email"
        value={email.value}
        onInput={(value) => (email.value = value)}
      />
      <ProblemBox code={task.problem} />
      <div class="actions">
        <button class="button main" aria-disabled={task.busy}>
          {text('invite.this')}
        </button>
      </div>
    </form>
  );
}
