/** A `checkin` record as an event of presence. */
import type { Value } from '../../sync/canonical.ts';
import { isObject } from '../../sync/canonical.ts';
import type { Event } from './presence.ts';

/** What only records say of an entry or exit: which meeting, and in whose words a guard decided. */
export interface Told {
  event: Event;
  meeting: string | null;
  override: string | null;
}

/** Read a record's value; null for one that is none of ours. */
export function readCheckin(id: string, value: Value | undefined): Told | null {
  if (value === undefined || !isObject(value)) return null;
  const { way, at, of, subject, gate, place, max, meeting } = value;
  if (typeof at !== 'number') return null;
  if (way === 'undo') {
    return typeof of === 'string' ? { event: { id, at, way, of }, meeting: null, override: null } : null;
  }
  if (way !== 'in' && way !== 'out') return null;
  if (typeof subject !== 'string' || typeof gate !== 'number' || typeof place !== 'number') return null;
  const override = typeof value.override === 'string' ? value.override : null;
  const shown = typeof value.shown === 'string' ? value.shown : null;
  const event: Event = {
    id,
    at,
    way,
    subject,
    gate,
    place,
    max: typeof max === 'number' ? max : 0,
    override: override !== null,
    shown,
  };
  return { event, meeting: typeof meeting === 'string' ? meeting : null, override };
}
