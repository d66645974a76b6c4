/** Who has come, from the check-ins of the gates that are on this phone. */
import { computed } from '@preact/signals';
import type { ReadonlySignal } from '@preact/signals';

import { seen } from '../../data/pack.ts';
import { records } from '../../data/records.ts';
import { readCheckin } from './checkin-event.ts';
import type { Arrival } from './invitation-model.ts';
import { index } from './presence.ts';
import type { CheckIns } from './presence.ts';

const told = computed(() =>
  records('checkin').value.flatMap(({ id, values }) => readCheckin(id, values.checkin)?.event ?? []),
);

/** By the id of the code (`cti`) that was shown. */
export const arrivals: ReadonlySignal<ReadonlyMap<string, Arrival>> = computed(() => {
  const { checkIns, undone } = seen.value;
  const all = index([...checkIns, ...told.value]);
  undone.forEach((id) => all.undo(id));
  return arrivalsOf(all);
});

function arrivalsOf(checkIns: CheckIns): Map<string, Arrival> {
  const found = new Map<string, Arrival>();
  for (const subject of checkIns.subjects()) {
    const { first, inside, entries, conflicts } = checkIns.of(subject);
    if (first !== null) found.set(subject, { at: first.at, inside, entries, conflict: conflicts.length > 0 });
  }
  return found;
}
