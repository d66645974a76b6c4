/** Declaring and signing: what stands on the review page is what is signed. */
import { me } from '../../../data/account.ts';
import { signAct } from '../../../data/acts.ts';
import { changeAll, newId } from '../../../data/records.ts';
import { base64url } from '../../../sync/batch.ts';
import { language, text } from '../../../text/index.ts';
import { navigate } from '../../../ui/router.tsx';
import { Button, ProblemBox, useTask } from '../../../ui/task.tsx';
import { filledIn } from '../known/filled.ts';
import { submissionDocument } from '../rules/document.ts';
import type { Filling } from './filling.ts';

const NONCE_BYTES = 16;

export function Sign({ given }: { given: Filling }) {
  const { view, form, answers, sha256, at } = given;
  const task = useTask();
  const mine = me.value;
  if (mine === null) return null;
  const sign = () =>
    task.run(async () => {
      const id = newId();
      const document = await submissionDocument({
        form,
        formSha256: sha256,
        answers,
        language: language.value,
        id,
        person: mine.id,
        rp: window.location.hostname,
        nonce: base64url(crypto.getRandomValues(new Uint8Array(NONCE_BYTES))),
        at,
        seed: view.id,
        filled: filledIn(view.values),
      });
      const { document: signed, assertion } = await signAct(document);
      const act = { document: signed, assertion: { ...assertion }, draft: view.id };
      await changeAll([
        { kind: 'submission', id, values: { act } },
        { kind: 'draft', id: view.id, values: { submission: id } },
      ]);
      navigate(`/dossiers/${id}`, { replace: true });
    });
  return (
    <div class="screen-only">
      <h2>{text('declare.title')}</h2>
      <p>{text('declare.body')}</p>
      <p class="soft">{text('declare.how')}</p>
      <ProblemBox code={task.problem} />
      <div class="actions">
        <Button busy={task.busy} onPress={sign}>
          {text('declare.sign')}
        </Button>
      </div>
      <p role="status" class="soft">
        {task.busy ? text('declare.busy') : ''}
      </p>
    </div>
  );
}
