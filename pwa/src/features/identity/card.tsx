/** /card: what the citizen card says, read from its QR code. It fills forms and proves nothing; the page says so. */
import { useSignal } from '@preact/signals';

import { CodeError } from '../../codes/base.ts';
import { parseCard } from '../../codes/cccd.ts';
import type { Card } from '../../codes/cccd.ts';
import { me } from '../../data/account.ts';
import { change, record } from '../../data/records.ts';
import { text } from '../../text/index.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { Facts } from '../../ui/list.tsx';
import { Page } from '../../ui/page.tsx';
import { GoTo, Link, place } from '../../ui/router.tsx';
import { Scanner } from '../../ui/scan/scanner.tsx';
import { Button, ProblemBox, useTask } from '../../ui/task.tsx';
import { cardIn, cardValues, nextProcedure, noCard, vietnameseDay } from './card-model.ts';

export function CardPage() {
  const person = me.value?.id ?? '';
  const saved = cardIn(record('profile', person).value?.values);
  const read = useSignal<Card | null>(null);
  const scanning = useSignal(false);
  const next = nextProcedure(place.value.query.get('next'));
  const back = { href: '/wallet', label: text('wallet.title') };
  if (me.value?.device == null) {
    return (
      <Page title={text('card.title')} back={back}>
        <p>{text('card.needed')}</p>
        <p>
          <Link class="button main" href="/start?next=/card">
            {text('claim.sign-in.action')}
          </Link>
        </p>
      </Page>
    );
  }
  return (
    <Page title={text('card.title')} back={back}>
      {read.value !== null ? (
        <Check person={person} card={read.value} onEnd={() => (read.value = null)} />
      ) : saved !== null && next !== null && !scanning.value ? (
        <GoTo href={next} />
      ) : saved !== null && !scanning.value ? (
        <Saved person={person} card={saved} onAgain={() => (scanning.value = true)} />
      ) : (
        <Scan
          onCard={(card) => {
            read.value = card;
            scanning.value = false;
          }}
        />
      )}
    </Page>
  );
}

function Scan({ onCard }: { onCard: (card: Card) => void }) {
  const wrong = useSignal(false);
  const take = (read: string): void => {
    try {
      onCard(parseCard(read));
    } catch (error) {
      if (!(error instanceof CodeError)) throw error;
      wrong.value = true;
    }
  };
  return (
    <>
      <p class="lead">{text('card.lead')}</p>
      <p>{text('card.aim')}</p>
      <p role="alert" class={wrong.value ? 'notice bad' : undefined}>
        {wrong.value ? text('card.not-a-card') : ''}
      </p>
      <Scanner onText={take} />
    </>
  );
}

function Check({ person, card, onEnd }: { person: string; card: Card; onEnd: () => void }) {
  const task = useTask();
  return (
    <>
      <h2>{text('card.check')}</h2>
      <CardFacts card={card} />
      <p class="notice">{text('card.check.body')}</p>
      <ProblemBox code={task.problem} />
      <div class="actions">
        <Button
          busy={task.busy}
          onPress={() => task.run(() => change('profile', person, cardValues(person, card)).then(onEnd))}
        >
          {text('card.save')}
        </Button>
        <Button look="quiet" onPress={onEnd}>
          {text('card.again')}
        </Button>
      </div>
    </>
  );
}

function Saved({ person, card, onAgain }: { person: string; card: Card; onAgain: () => void }) {
  const asking = useSignal(false);
  const task = useTask();
  return (
    <>
      <p role="status">{text('card.saved')}</p>
      <CardFacts card={card} />
      <p class="notice">{text('card.check.body')}</p>
      <ProblemBox code={task.problem} />
      <div class="actions">
        <Link class="button main" href="/desk-code">
          {text('wallet.identity.desk')}
        </Link>
        <Button look="second" onPress={onAgain}>
          {text('card.again')}
        </Button>
        <Button look="quiet" onPress={() => (asking.value = true)}>
          {text('card.remove')}
        </Button>
      </div>
      {asking.value && (
        <Confirm
          title={text('card.remove.title')}
          action={text('card.remove')}
          busy={task.busy}
          onCancel={() => (asking.value = false)}
          onConfirm={() => {
            asking.value = false;
            task.run(() => change('profile', person, noCard()));
          }}
        >
          <p>{text('card.remove.body')}</p>
        </Confirm>
      )}
    </>
  );
}

function CardFacts({ card }: { card: Card }) {
  return (
    <Facts
      facts={[
        [text('card.name'), card.name],
        [text('card.number'), card.number],
        card.old_number === '' ? null : [text('card.old-number'), card.old_number],
        [text('card.born'), vietnameseDay(card.born)],
        [text('card.sex'), text(card.sex === 'male' ? 'card.male' : 'card.female')],
        [text('card.address'), card.address],
        [text('card.issued'), vietnameseDay(card.issued)],
      ]}
    />
  );
}
