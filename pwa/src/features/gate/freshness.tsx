/** One quiet line: how fresh the list is that verdicts rest on. */
import { useEffect, useState } from 'preact/hooks';

import { now as likely, trusted } from '../../data/clock.ts';
import { paired } from '../../data/pack.ts';
import { text } from '../../text/index.ts';
import { moment } from '../../text/time.ts';
import { ago } from './said.ts';
import { freshness } from './fresh.ts';
import { heldPack } from './watch.ts';

/** Return the likeliest time, anew every so many ms. */
export function useNow(every = 15_000): number {
  const [at, set] = useState(likely);
  useEffect(() => {
    const timer = setInterval(() => set(likely()), every);
    return () => clearInterval(timer);
  }, [every]);
  return at;
}

export function Freshness() {
  const now = useNow();
  const unit = paired.value?.unit ?? '';
  const state = freshness(heldPack.value?.lists.get(`invitation_${unit}`) ?? null, trusted());
  return (
    <p class={state.look === 'fresh' ? undefined : 'old'} data-testid="freshness" data-look={state.look}>
      {state.look === 'none' && text('gate.fresh.none')}
      {state.look === 'untimed' && text('gate.fresh.time')}
      {(state.look === 'fresh' || state.look === 'old') &&
        text(state.look === 'fresh' ? 'gate.fresh' : 'gate.fresh.old', {
          time: moment(state.at, now),
          ago: ago(now - state.at),
        })}
    </p>
  );
}
