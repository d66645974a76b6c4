/** Who has come, from the check-ins of the gates that are on this phone. */
import { computed } from '@preact/signals';
import type { ReadonlySignal } from '@preact/signals';

import { seen } from '../../data/pack.ts';
import { records } from '../../data/records.ts';
import type { RecordView } from '../../data/records.ts';
import { isObject } from '../../sync/canonical.ts';
import type { Arrival } from './invitation-model.ts';
import { index } from './presence.ts';
import type { CheckIns, Event } from './presence.ts';

/** By the id of the code (`cti`) that was shown. */
export const arrivals: ReadonlySignal<ReadonlyMap<string, Arrival>> = computed(() => {
  const { checkIns, undone } = seen.value;
  const all = index([...checkIns, ...records('checkin').value.flatMap((view) => eventOf(view) ?? [])]);
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

/** Read a `checkin` record; null for one that says nothing of who is inside. */
export function eventOf({ id, values: { checkin } }: RecordView): Event | null {
  if (checkin === undefined || !isObject(checkin) || typeof checkin.at !== 'number') return null;
  const { at, way, subject, gate, place, max, override, of } = checkin;
  if (way === 'undo') return typeof of === 'string' ? { id, at, way, of } : null;
  if ((way !== 'in' && way !== 'out') || typeof subject !== 'string') return null;
  return {
    id,
    at,
    way,
    subject,
    gate: Number(gate),
    place: Number(place),
    max: Number(max),
    override: typeof override === 'string',
  };
}
