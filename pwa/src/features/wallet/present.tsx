/** /wallet/:id: show a credential at an entrance. First what it discloses, then the code. */
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

import { CodeError } from '../../codes/base.ts';
import { parseChallenge } from '../../codes/challenge.ts';
import type { Challenge } from '../../codes/challenge.ts';
import { trusted } from '../../data/clock.ts';
import { text } from '../../text/index.ts';
import { calendarDay } from '../../text/time.ts';
import { OneOf } from '../../ui/choice.tsx';
import { Facts } from '../../ui/list.tsx';
import { Page } from '../../ui/page.tsx';
import { Link } from '../../ui/router.tsx';
import { Scanner } from '../../ui/scan/scanner.tsx';
import { Button } from '../../ui/task.tsx';
import { held, identity, placeName, readKeys } from './known.ts';
import { discloses } from './model.ts';
import type { Held } from './model.ts';
import { Photo } from './photo.tsx';
import { AnswerCode, QuickCode } from './rotating.tsx';
import { entryWindow } from './window.ts';
import './wallet.css';

type Mode = 'quick' | 'challenge';

export function Present({ id }: { id: string }) {
  useEffect(() => void readKeys(), []);
  const back = { href: '/wallet', label: text('wallet.title') };
  const found = held().find((each) => each.id === id);
  const mode = useSignal<Mode>('quick');
  const shown = useSignal(false);
  if (found?.here !== true) {
    return (
      <Page title={text('present.unknown')} back={back}>
        <p>{text('present.unknown.body')}</p>
        <p>
          <Link href="/wallet">{text('wallet.title')}</Link>
        </p>
      </Page>
    );
  }
  const title = found.about?.title ?? text(`profile.${found.profile}`);
  return (
    <Page title={title} kicker={found.name ?? undefined} back={back}>
      <About held={found} />
      <h2>{text('present.discloses')}</h2>
      <ul>
        {discloses(found.profile).map((key) => (
          <li key={key}>{text(key)}</li>
        ))}
      </ul>
      <p class="soft">{text('present.discloses.not')}</p>
      <Choose mode={mode.value} onMode={(next) => (mode.value = next)} />
      <div class="actions">
        <Button onPress={() => (shown.value = true)}>{text('present.show')}</Button>
      </div>
      {shown.value && (
        <Bright title={title} name={found.name} onClose={() => (shown.value = false)}>
          {mode.value === 'quick' ? <QuickCode held={found} /> : <Asked held={found} />}
          <Portrait held={found} />
        </Bright>
      )}
    </Page>
  );
}

interface BrightProps {
  title: string;
  name: string | null;
  onClose: () => void;
  children: ComponentChildren;
}

/** Nothing but the code, on white up to the edges: the lightest that a page can make a screen. */
function Bright({ title, name, onClose, children }: BrightProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} class="bright" aria-labelledby="bright-title" onClose={onClose}>
      <h2 id="bright-title">{title}</h2>
      {name !== null && <p class="bright-name">{name}</p>}
      {children}
      <p>
        <Button look="second" onPress={() => dialog.current?.close()}>
          {text('present.hide')}
        </Button>
      </p>
    </dialog>
  );
}

function About({ held: { about, place, from, expires } }: { held: Held }) {
  if (about === null || place === null) return null;
  return (
    <Facts
      facts={[
        [text('claim.place'), [placeName(place), about.room].filter((each) => each !== '').join(' · ')],
        [text('claim.window'), entryWindow(from ?? about.starts, expires)],
        about.host === '' ? null : [text('wallet.host'), about.host],
      ]}
    />
  );
}

/** Quick or safe: what each can't do is said where the choice is made. */
function Choose({ mode, onMode }: { mode: Mode; onMode: (mode: Mode) => void }) {
  const time = trusted();
  const unsure = time === null || time.high - time.low > 10_000;
  return (
    <>
      <OneOf
        id="mode"
        label={text('present.choose')}
        choices={[
          { name: 'quick', label: text('present.quick') },
          { name: 'challenge', label: text('present.challenge') },
        ]}
        value={mode}
        onChoose={(name) => onMode(name === 'challenge' ? 'challenge' : 'quick')}
      />
      <p class="soft below-field">{text(mode === 'quick' ? 'present.quick.hint' : 'present.challenge.hint')}</p>
      {unsure && mode === 'quick' && <p class="notice wait">{text('present.time.unsure')}</p>}
    </>
  );
}

/** The guard's question, by the camera; then the answer to it. */
function Asked({ held: own }: { held: Held }) {
  const challenge = useSignal<Challenge | null>(null);
  const wrong = useSignal(false);
  if (challenge.value !== null) {
    return (
      <>
        <AnswerCode held={own} challenge={challenge.value} />
        <p>
          <Button look="quiet" onPress={() => (challenge.value = null)}>
            {text('present.again')}
          </Button>
        </p>
      </>
    );
  }
  return (
    <>
      <p>{text('present.aim')}</p>
      <p role="alert" class={wrong.value ? 'notice bad' : undefined}>
        {wrong.value ? text('present.not-a-challenge') : ''}
      </p>
      <Scanner
        onText={(read) => {
          challenge.value = challengeIn(read);
          wrong.value = challenge.value === null;
        }}
      />
    </>
  );
}

function challengeIn(read: string): Challenge | null {
  try {
    return parseChallenge(read);
  } catch (error) {
    if (error instanceof CodeError) return null;
    throw error;
  }
}

/** The photo beside the code, for the guard's eyes. */
function Portrait({ held: { profile } }: { held: Held }) {
  const who = identity();
  if (profile !== 'gate' && profile !== 'full') return null;
  return who.level === 2 && who.photo !== null ? <Photo photo={who.photo} day={calendarDay(who.verifiedAt)} /> : null;
}
