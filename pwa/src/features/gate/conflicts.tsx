/** What guards see of conflicts: a line over the camera, and all of them on the log. */
import { computed } from '@preact/signals';

import { now } from '../../data/clock.ts';
import { scans } from '../../data/scans.ts';
import { count, text } from '../../text/index.ts';
import { clockTime } from '../../text/time.ts';
import { Link } from '../../ui/router.tsx';
import type { CheckIn } from '../../codes/columns.ts';
import { clashes } from './clashes.ts';
import type { Clash } from './clashes.ts';
import { gateName } from './guard-known.ts';
import { checkIns } from './watch.ts';

const known = computed(() => clashes(checkIns.value.set, now()));

/** Says that there is a conflict as soon as there is one, also to those who do not look. */
export function ConflictLine() {
  const n = known.value.length;
  return (
    <div role="status">
      {n > 0 && (
        <p class="old">
          <Link href="/gate/log">{count('conflict.title', n)}</Link>
        </p>
      )}
    </div>
  );
}

export function Conflicts() {
  const all = known.value;
  return (
    <div role="status">
      {all.length > 0 && (
        <div class="notice wait" data-testid="conflicts">
          <h2>{count('conflict.title', all.length)}</h2>
          <ul>
            {all.map((clash) => (
              <li key={clash.loser.id}>
                <Names clash={clash} />
                {text(`conflict.${clash.kind}`, { first: where(clash.winner), second: where(clash.loser) })}
              </li>
            ))}
          </ul>
          <p>{text('conflict.next')}</p>
        </div>
      )}
    </div>
  );
}

/** The guest's name, where this phone has scanned the code itself. */
function Names({ clash }: { clash: Clash }) {
  const name = scans.value.find(({ subject }) => subject === clash.subject)?.name;
  return name === undefined ? null : <strong>{name}. </strong>;
}

function where({ place, gate, at }: CheckIn): string {
  return text('conflict.at', { gate: gateName(place, gate), time: clockTime(at) });
}
