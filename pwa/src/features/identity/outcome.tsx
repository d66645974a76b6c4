import { record } from '../../data/records.ts';
import { status } from '../../data/status.ts';
import { problemText, text } from '../../text/index.ts';
import { Page } from '../../ui/page.tsx';
import { Link } from '../../ui/router.tsx';
import { Button } from '../../ui/task.tsx';
import type { Made } from './desk.tsx';

interface OutcomeProps {
  made: Made;
  onNext: () => void;
}

/** What became of it: refused with the reason, sent, or saved until there is a network. */
export function Outcome({ made: { kind, id, name }, onNext }: OutcomeProps) {
  const refused = status.value.attention.find((each) => each.kind === kind && each.record === id);
  const waits = record(kind, id).value?.unsent === true;
  if (refused !== undefined) {
    return (
      <Page title={text(`${kind}.refused`)}>
        <div class="notice bad" role="alert">
          <p>{problemText(refused.code)}</p>
        </div>
        <p>
          <Link href="/outbox">{text('verify.outbox')}</Link>
        </p>
        <Next onNext={onNext} />
      </Page>
    );
  }
  return (
    <Page title={text(`${kind}.done`)} kicker={name === '' ? undefined : name}>
      <div class={waits ? 'notice wait' : 'notice'} role="status">
        <p>{text(waits ? `${kind}.waits` : `${kind}.sent`)}</p>
      </div>
      <Next onNext={onNext} />
    </Page>
  );
}

function Next({ onNext }: { onNext: () => void }) {
  return (
    <div class="actions">
      <Button onPress={onNext}>{text('verify.another')}</Button>
    </div>
  );
}
