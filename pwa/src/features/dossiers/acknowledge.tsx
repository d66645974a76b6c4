import { useSignal } from '@preact/signals';

import { me } from '../../data/account.ts';
import { signAct } from '../../data/acts.ts';
import { now } from '../../data/clock.ts';
import { change, newId } from '../../data/records.ts';
import { base64url } from '../../sync/batch.ts';
import { text } from '../../text/index.ts';
import { TextField } from '../../ui/field.tsx';
import { Button, ProblemBox, useTask } from '../../ui/task.tsx';
import { acknowledgementDocument } from './model.ts';
import type { Dossier } from './model.ts';
import { signatureFacts } from './signature.ts';

const NONCE_BYTES = 16;
/** What the server takes, in characters. */
const MESSAGE_LENGTH = 2000;

/** The officer's word to the applicant, signed with the officer's passkey. */
export function Acknowledge({ dossier }: { dossier: Dossier }) {
  const message = useSignal(text('acknowledge.usual'));
  const task = useTask();
  const officer = me.value;
  const { act } = dossier;
  if (officer?.role !== 'officer') return null;
  const sign = () =>
    task.run(async () => {
      const id = newId();
      const { documentSha256 } = await signatureFacts(act);
      const document = acknowledgementDocument({
        dossier,
        documentSha256,
        officer,
        message: message.value.trim(),
        id,
        rp: window.location.hostname,
        nonce: base64url(crypto.getRandomValues(new Uint8Array(NONCE_BYTES))),
        now: now(),
      });
      const { document: signed, assertion } = await signAct(document);
      await change('acknowledgement', id, { act: { document: signed, assertion: { ...assertion } } });
    });
  return (
    <section class="card" aria-labelledby="acknowledge">
      <h2 id="acknowledge">{text('acknowledge.title')}</h2>
      <TextField
        id="message"
        label={text('acknowledge.message')}
        hint={text('acknowledge.message.hint')}
        multiline
        most={MESSAGE_LENGTH}
        value={message.value}
        onInput={(value) => (message.value = value)}
      />
      <ProblemBox code={task.problem} />
      <Button busy={task.busy} onPress={sign}>
        {text('acknowledge.sign')}
      </Button>
    </section>
  );
}
