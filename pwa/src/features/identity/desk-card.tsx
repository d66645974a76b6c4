import { useSignal } from '@preact/signals';

import { now } from '../../data/clock.ts';
import { text } from '../../text/index.ts';
import { OneOf } from '../../ui/choice.tsx';
import { DateField } from '../../ui/datefield.tsx';
import { ErrorSummary } from '../../ui/errors.tsx';
import { TextField } from '../../ui/field.tsx';
import { Link } from '../../ui/router.tsx';
import { Scanner } from '../../ui/scan/scanner.tsx';
import { Button } from '../../ui/task.tsx';
import type { StepProps } from './desk.tsx';
import { cardMistakes, cardOf, NAME_LENGTH, numberFits, tidyCard } from './desk-model.ts';
import type { CardDraft } from './desk-model.ts';

/** Step 2: what the card says, read by the camera or typed, then compared with the card in hand. */
export function CardStep(props: StepProps) {
  const typing = useSignal(props.check.card.number !== '');
  return typing.value ? (
    <Fields {...props} onScan={() => (typing.value = false)} />
  ) : (
    <CardScan {...props} onDone={() => (typing.value = true)} />
  );
}

function CardScan({ put, onDone }: StepProps & { onDone: () => void }) {
  const wrong = useSignal(false);
  return (
    <>
      <p class="lead">{text('verify.card.body')}</p>
      <div role="alert">
        {wrong.value && (
          <div class="notice bad">
            <p>{text('verify.card.other')}</p>
          </div>
        )}
      </div>
      <Scanner
        onText={(seen) => {
          const card = cardOf(seen);
          wrong.value = card === null;
          if (card === null) return;
          put({ card, carded: false });
          onDone();
        }}
      />
      <div class="actions">
        <Button look="second" onPress={onDone}>
          {text('verify.card.type')}
        </Button>
        <Link href="/desk#withdraw">{text('withdraw.link')}</Link>
      </div>
    </>
  );
}

function Fields({ check, put, next, onScan }: StepProps & { onScan: () => void }) {
  const { card } = check;
  const judged = useSignal({ attempt: 0, shown: false });
  const mistakes = cardMistakes(card, now());
  const shown = judged.value.shown ? mistakes : [];
  const error = (field: keyof CardDraft) => {
    const mistake = shown.find((each) => each.field === field);
    return mistake === undefined ? undefined : text(mistake.key);
  };
  const edit = (part: Partial<CardDraft>) => put({ card: { ...card, ...part }, carded: false, compared: false });
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        judged.value = { attempt: judged.value.attempt + 1, shown: true };
        if (mistakes.length > 0) return;
        put({ card: tidyCard(card), carded: true });
        next();
      }}
    >
      <ErrorSummary
        mistakes={shown.map(({ field, key }) => ({ id: field, message: text(key) }))}
        attempt={judged.value.attempt}
      />
      <p class="lead">{text('verify.card.compare')}</p>
      <TextField
        id="number"
        label={text('verify.number')}
        hint={text('verify.number.hint')}
        error={error('number')}
        keyboard="numeric"
        narrow
        most={16}
        value={card.number}
        onInput={(number) => edit({ number })}
      />
      <TextField
        id="name"
        label={text('verify.name')}
        error={error('name')}
        most={NAME_LENGTH}
        value={card.name}
        onInput={(name) => edit({ name })}
      />
      <DateField
        id="born"
        label={text('verify.born')}
        error={error('born')}
        value={card.born}
        onInput={(born) => edit({ born: born ?? '' })}
      />
      <OneOf
        id="sex"
        label={text('verify.sex')}
        error={error('sex')}
        choices={[
          { name: 'male', label: text('verify.male') },
          { name: 'female', label: text('verify.female') },
        ]}
        value={card.sex}
        onChoose={(name) => edit({ sex: name === 'female' ? 'female' : 'male' })}
      />
      {mistakes.length === 0 && !numberFits(card) && (
        <div class="notice wait" role="status">
          <p>{text('verify.number.unlikely')}</p>
        </div>
      )}
      <div class="actions">
        <button class="button main">{text('verify.next')}</button>
        <Button look="quiet" onPress={onScan}>
          {text('verify.card.scan')}
        </Button>
        <Link href="/desk#withdraw">{text('withdraw.link')}</Link>
      </div>
    </form>
  );
}
