import { hex } from '../../codes/base.ts';
import { sha256 } from '../../codes/keys.ts';
import { signAct } from '../../data/acts.ts';
import { now } from '../../data/clock.ts';
import { Problem } from '../../data/problem.ts';
import { change, newId } from '../../data/records.ts';
import { base64url } from '../../sync/batch.ts';
import { text } from '../../text/index.ts';
import { Facts } from '../../ui/list.tsx';
import { Button, ProblemBox, useTask } from '../../ui/task.tsx';
import { vietnameseDay } from './card-model.ts';
import type { Check, Officer, StepProps } from './desk.tsx';
import { isFresh, numberFits, verificationDocument } from './desk-model.ts';
import { usePicture } from './picture.ts';

const NONCE_BYTES = 16;

/** Step 4: look at all of it once more, and sign. */
export function ReviewStep({ officer, check, put }: StepProps) {
  const task = useTask();
  const picture = usePicture(check.photo);
  const { card } = check;
  const sign = () =>
    task.run(async () => {
      const id = await verified(officer, check);
      put({ made: { kind: 'verification', id, name: card.name } });
    });
  return (
    <>
      <div class="reviewed">
        {picture !== null && (
          <img src={picture} width={150} height={200} alt={text('verify.photo.alt', { name: card.name })} />
        )}
        <Facts
          facts={[
            [text('verify.name'), card.name],
            [text('verify.number'), <span key="number" class="figures">{grouped(card.number)}</span>],
            [text('verify.born'), vietnameseDay(card.born)],
            [text('verify.sex'), text(card.sex === 'female' ? 'verify.female' : 'verify.male')],
          ]}
        />
      </div>
      {!numberFits(card) && (
        <div class="notice wait">
          <p>{text('verify.number.unlikely')}</p>
        </div>
      )}
      <div class="notice">
        <h2>{text('verify.declare')}</h2>
        <p>{text('verify.declare.body', { name: officer.name })}</p>
      </div>
      <ProblemBox code={task.problem} />
      <div class="actions">
        <Button busy={task.busy} onPress={sign}>
          {text('verify.sign')}
        </Button>
      </div>
    </>
  );
}

/** Sign and keep the verification; return its record's id. */
async function verified(officer: Officer, { subject, card, photo }: Check): Promise<string> {
  if (subject === null || photo === null) throw new Error('expected the steps before to be done');
  if (!isFresh(subject, now())) throw new Problem('desk_time', false, 'expected a desk code of the last half hour');
  const id = newId();
  const jpeg = new Uint8Array(await photo.arrayBuffer());
  const document = verificationDocument({
    id,
    rp: window.location.hostname,
    officer,
    subject,
    card,
    deskSha256: hex(await sha256(new TextEncoder().encode(subject.code))),
    photoSha256: hex(await sha256(jpeg)),
    nonce: base64url(crypto.getRandomValues(new Uint8Array(NONCE_BYTES))),
    now: now(),
  });
  const { document: signed, assertion } = await signAct(document);
  const act = { document: signed, assertion: { ...assertion }, desk: subject.code, photo: base64url(jpeg) };
  await change('verification', id, { act });
  return id;
}

/** "079 090 001 234": easier to compare with the card. */
function grouped(number: string): string {
  return number.replace(/(\d{3})(?=\d)/g, '$1 ');
}
