import { useSignal } from '@preact/signals';

import { text } from '../../text/index.ts';
import { SeveralOf } from '../../ui/choice.tsx';
import { ErrorSummary } from '../../ui/errors.tsx';
import { Button } from '../../ui/task.tsx';
import { FaceCamera } from './camera.tsx';
import type { StepProps } from './desk.tsx';
import { usePicture } from './picture.ts';

const CHECKS = ['card', 'face'] as const;

/** Step 3: compare card and face, and take a photo that guards will compare with the face. */
export function FaceStep({ check, put, next }: StepProps) {
  const done = useSignal<readonly string[]>(check.compared ? CHECKS : []);
  const judged = useSignal({ attempt: 0, shown: false });
  const picture = usePicture(check.photo);
  const missing = [
    check.photo === null ? { id: 'take', message: text('verify.photo.missing') } : null,
    done.value.length < CHECKS.length ? { id: 'checks', message: text('verify.checks.missing') } : null,
  ].filter((each) => each !== null);
  const shown = judged.value.shown ? missing : [];
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        judged.value = { attempt: judged.value.attempt + 1, shown: true };
        if (missing.length > 0) return;
        put({ compared: true });
        next();
      }}
    >
      <ErrorSummary mistakes={shown} attempt={judged.value.attempt} />
      <p class="lead">{text('verify.face.body')}</p>
      <div id="take" tabIndex={-1}>
        {picture === null ? (
          <FaceCamera onPhoto={(photo) => put({ photo })} />
        ) : (
          <figure class="photo">
            <img src={picture} width={300} height={400} alt={text('verify.photo.alt', { name: check.card.name })} />
            <figcaption>
              <p>{text('verify.photo.check')}</p>
              <Button look="second" onPress={() => put({ photo: null, compared: false })}>
                {text('verify.photo.again')}
              </Button>
            </figcaption>
          </figure>
        )}
      </div>
      <SeveralOf
        id="checks"
        label={text('verify.checks')}
        error={shown.some(({ id }) => id === 'checks') ? text('verify.checks.missing') : undefined}
        choices={CHECKS.map((name) => ({ name, label: text(`verify.checks.${name}`) }))}
        value={done.value}
        onChoose={(names) => {
          done.value = names;
          if (check.compared) put({ compared: false });
        }}
      />
      <div class="actions">
        <button class="button main">{text('verify.next')}</button>
      </div>
    </form>
  );
}
