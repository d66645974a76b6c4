/** What the guard's screen can say of whoever shows a code. */

import type { CheckIn } from '../../codes/columns.ts';
import type { Profile } from '../../codes/credential.ts';
import type { Presence } from './presence.ts';
import type { Shown } from './shown.ts';

/**
 * What is known of whoever shows the code; nothing at all before its signatures hold. Times are ms since 1970.
 *
 * `photo` is 32 hex digits; `first` is the earliest entry; `entries` of `max` (0: no bound) were used.
 */
export interface Facts {
  readonly sort: 'invitation' | 'identity' | null;
  readonly profile: Profile | null;
  readonly name: string | null;
  readonly born: string | null;
  readonly ages: number | null;
  readonly photo: string | null;
  readonly subject: string | null;
  readonly meeting: string | null;
  readonly place: number | null;
  readonly gates: number | null;
  readonly from: number | null;
  readonly until: number | null;
  readonly entries: number | null;
  readonly max: number | null;
  readonly presentation: string | null;
  readonly first: CheckIn | null;
}

export const NOTHING: Facts = {
  sort: null,
  profile: null,
  name: null,
  born: null,
  ages: null,
  photo: null,
  subject: null,
  meeting: null,
  place: null,
  gates: null,
  from: null,
  until: null,
  entries: null,
  max: null,
  presentation: null,
  first: null,
};

/** Return what a code that was believed says, and what its subject's check-ins say. */
export function factsOf({ issued, subject, id }: Shown, { entries, first }: Presence): Facts {
  const until = issued.exp * 1000;
  const known = { ...NOTHING, sort: issued.sort, name: issued.name, subject, until, entries, presentation: id, first };
  if (issued.sort === 'invitation') {
    const { meeting, place, gates, nbf, entries: max } = issued;
    return { ...known, meeting, place, gates, from: nbf * 1000, max };
  }
  const { profile, born, ages, photo } = issued;
  return { ...known, profile, born: dateOf(born), ages, photo };
}

function dateOf(born: number | null): string | null {
  return born === null ? null : String(born).replace(/^(....)(..)(..)$/, '$1-$2-$3');
}
