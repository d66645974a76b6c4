/** The question of "ask and answer", large enough for another phone to read at arm's length. */
import { useEffect, useState } from 'preact/hooks';

import { challengeText } from '../../codes/challenge.ts';
import { text } from '../../text/index.ts';
import { Qr } from '../../ui/qr.tsx';
import { challenge, renewChallenge } from './challenge.ts';
import { way } from './judge.ts';

export function Question({ place }: { place: number }) {
  const asked = challenge.value;
  const [left, setLeft] = useState('');
  useEffect(() => {
    const look = () => {
      renewChallenge();
      const until = challenge.peek()?.until;
      if (until !== undefined) setLeft(minutes(until - performance.now()));
    };
    look();
    const timer = setInterval(look, 1_000);
    return () => clearInterval(timer);
  }, [asked]);
  if (asked === null) return null;
  return (
    <div class="question">
      <p class="question-title">{text('gate.challenge.ask', { way: text(`gate.way.${way.value}`) })}</p>
      <Qr text={challengeText({ place, nonce: asked.nonce })} label={text('gate.challenge.label')} />
      <p class="small">
        {text('gate.challenge.answer')} <span class="soft">{text('gate.challenge.left', { time: left })}</span>
      </p>
    </div>
  );
}

/** "1:45" */
function minutes(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
