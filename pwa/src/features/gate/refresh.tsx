/** How fresh the numbers from the gates are, and a way to have them now. */
import { useEffect } from 'preact/hooks';

import { now } from '../../data/clock.ts';
import { openGate, pair, paired, packState, refreshPack } from '../../data/pack.ts';
import { status } from '../../data/status.ts';
import { text } from '../../text/index.ts';
import { moment } from '../../text/time.ts';
import { Button, ProblemBox, useTask } from '../../ui/task.tsx';
import type { Meeting } from './meeting-model.ts';
import { knownPlace } from './officer-known.ts';

/** The pack goes no further back. */
const KEPT = 36 * 3_600_000;

/** Nobody can have come before the doors open, and what is long past is not on the phone any more. */
export function Refresh({ meeting }: { meeting: Meeting }) {
  const task = useTask();
  const opens = meeting.starts - meeting.opens * 60_000;
  const current = opens <= now() && now() < meeting.ends + KEPT;
  const fetch = () => task.run(() => fetchGate(meeting));
  useEffect(() => {
    if (!current) return;
    void openGate().then(() => {
      if (paired.peek() === null && status.peek().online) fetch();
    });
  }, [current]);
  if (!current) return null;
  const held = packState.value;
  return (
    <>
      <p class="fresh soft small">
        <span>
          {held === null ? text('refresh.none') : text('refresh.at', { time: moment(held.fetchedAt, now()) })}
        </span>
        <Button look="quiet" busy={task.busy} onPress={fetch}>
          {text(task.busy ? 'refresh.busy' : 'refresh.action')}
        </Button>
      </p>
      <ProblemBox code={task.problem} />
    </>
  );
}

/** An officer looks after no entrance; the pack is that of the whole unit, so any of its gates will do. */
async function fetchGate({ unit, place, gates }: Meeting): Promise<void> {
  const gate = knownPlace(place)?.gates.find(({ bit }) => gates.includes(bit));
  if (paired.peek() !== null) await refreshPack();
  else if (gate !== undefined) await pair({ unit, place, bit: gate.bit, name: gate.name });
}
