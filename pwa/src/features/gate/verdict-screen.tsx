/** The verdict: it fills the screen, and colour, word, sign and border all say the same. */
import { useEffect, useRef, useState } from 'preact/hooks';

import { problemText, text } from '../../text/index.ts';
import { Button } from '../../ui/task.tsx';
import type { Said } from './said.ts';
import { Symbol } from './symbols.tsx';

export interface Act {
  label: string;
  onPress: () => void;
  busy?: boolean;
}

interface VerdictScreenProps {
  said: Said;
  /** Another one for each code, so that the same verdict twice is told twice. */
  turn: string;
  /** What else can be done here besides going on, the likeliest first. */
  acts: readonly Act[];
  note: string | null;
  /** The code of what went wrong with one of them. */
  trouble: string | null;
  /** A form stands above: nothing closes by itself meanwhile. */
  held: boolean;
  onContinue: () => void;
}

/** An ADMIT with nothing left to do goes by itself after this, in ms; the stylesheet draws it. */
export const STAYS_MS = 2_500;

export function VerdictScreen({ said, turn, acts, note, trouble, held, onContinue }: VerdictScreenProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [kept, keep] = useState('');
  const goes = said.goes && !held && kept !== turn;
  const latest = useRef(onContinue);
  latest.current = onContinue;
  useEffect(() => dialog.current?.showModal(), []);
  useEffect(() => {
    dialog.current?.scrollTo(0, 0);
    if (!goes) return;
    const timer = setTimeout(() => latest.current(), STAYS_MS);
    return () => clearTimeout(timer);
  }, [turn, goes]);
  return (
    <dialog
      ref={dialog}
      class={`verdict ${said.look}`}
      aria-labelledby="verdict-word"
      data-testid="verdict"
      data-word={said.look}
      onCancel={(event) => {
        event.preventDefault();
        onContinue();
      }}
      // Who touches it wants to read it.
      onPointerDown={() => keep(turn)}
    >
      <div class="verdict-inner">
        {/* Mounted anew for each code: what is said is then an alert of its own. */}
        <div class="verdict-said" role="alert" key={turn}>
          <div class="verdict-sign">
            <Symbol look={said.look} />
            <h1 id="verdict-word">{said.word}</h1>
          </div>
          <p class="verdict-reason">{said.reason}</p>
          <p class="verdict-next">
            <Arrow />
            <span>
              <span class="visually-hidden">{text('verdict.next')}: </span>
              {said.next}
            </span>
          </p>
          <Person said={said} />
        </div>
        <FactList facts={said.facts} />
        <div class="verdict-actions">
          {note !== null && <p>{note}</p>}
          {trouble !== null && <p role="alert">{problemText(trouble)}</p>}
          <div class={`verdict-acts n${acts.length}`}>
            {/* First in order, so that it has the focus; it stands last, where the thumb is. */}
            <Button onPress={onContinue}>{text('verdict.continue')}</Button>
            {acts.map(({ label, onPress, busy = false }) => (
              <Button key={label} look="second" busy={busy} onPress={onPress}>
                {label}
              </Button>
            ))}
          </div>
          <p>{text('verdict.continues')}</p>
          {/* Always there: a finger that comes down must not move the button from under itself. */}
          <div class={goes ? 'verdict-left goes' : 'verdict-left'} key={turn} />
        </div>
      </div>
    </dialog>
  );
}

function Person({ said: { name, photo } }: { said: Said }) {
  const [failed, fail] = useState<string | null>(null);
  if (name === null && photo === null) return null;
  return (
    <div class="verdict-person">
      {photo !== null && failed !== photo && (
        <img
          src={photo}
          alt={text('verdict.photo', { name: name ?? text('verdict.nameless') })}
          onError={() => fail(photo)}
        />
      )}
      <div>
        {name !== null && <p class="verdict-name">{name}</p>}
        {photo !== null && failed === photo && <p class="verdict-nophoto">{text('verdict.photo.none')}</p>}
      </div>
    </div>
  );
}

function FactList({ facts }: Pick<Said, 'facts'>) {
  if (facts.length === 0) return null;
  return (
    <dl class="verdict-facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Arrow() {
  return (
    <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="3.2" aria-hidden="true">
      <path d="M3 12h17M13 5l7 7-7 7" stroke-linecap="round" stroke-linejoin="round" />
    </svg>
  );
}
