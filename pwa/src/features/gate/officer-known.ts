/** What an officer's phone knows of meetings, places and invitations. */
import { computed } from '@preact/signals';

import { me } from '../../data/account.ts';
import { records } from '../../data/records.ts';
import { language } from '../../text/index.ts';
import { arrivals } from './arrivals.ts';
import { rosters } from './invitation-model.ts';
import type { Invitation } from './invitation-model.ts';
import { bilingual, meetingOf, placeOf } from './meeting-model.ts';
import type { Meeting, Place } from './meeting-model.ts';

const meetings = computed(() => records('meeting').value.flatMap((view) => meetingOf(view) ?? []));
const places = computed(() => records('place').value.flatMap((view) => placeOf(view) ?? []));
const known = computed(() =>
  rosters({
    invitations: records('invitation').value,
    codes: records('invitation_code').value,
    mails: records('mail').value,
    arrivals: arrivals.value,
  }),
);
const NOBODY: readonly Invitation[] = [];

/** Return the meetings of my unit, and subscribe the screen to them. */
export function ownMeetings(): readonly Meeting[] {
  return meetings.value.filter(({ unit }) => unit === me.value?.unit);
}

export function knownMeeting(id: string): Meeting | undefined {
  return ownMeetings().find((meeting) => meeting.id === id);
}

/** Return the places of my unit. */
export function ownPlaces(): readonly Place[] {
  return places.value.filter(({ unit }) => unit === me.value?.unit);
}

export function knownPlace(number: number): Place | undefined {
  return places.value.find((place) => place.number === number);
}

/** Return the invitations to a meeting by the guests' given names. */
export function rosterOf(meeting: string): readonly Invitation[] {
  return known.value.get(meeting) ?? NOBODY;
}

/** Return what a unit is called, else its code. */
export function unitTitle(code: string): string {
  const name = bilingual(records('unit').value.find(({ id }) => id === code)?.values.name);
  return name?.[language.value] ?? code;
}
