/** What a guard's phone knows of places, gates and meetings. */
import { computed } from '@preact/signals';

import { me } from '../../data/account.ts';
import { records } from '../../data/records.ts';
import { local, text } from '../../text/index.ts';
import { bilingual, meetingOf, placeOf } from './meeting-model.ts';
import type { Meeting, Place } from './meeting-model.ts';

const places = computed(() => records('place').value.flatMap((view) => placeOf(view) ?? []));
const meetings = computed(() => records('meeting').value.flatMap((view) => meetingOf(view) ?? []));

/** Return the places of the guard's unit that have a gate, and subscribe the screen to them. */
export function guardedPlaces(): readonly Place[] {
  return places.value.filter(({ unit, gates }) => unit === me.value?.unit && gates.length > 0);
}

export function placeName(number: number): string | null {
  const place = places.value.find((each) => each.number === number);
  return place === undefined ? null : local(place.name);
}

export function gateName(number: number, bit: number): string {
  const gate = places.value.find((each) => each.number === number)?.gates.find((each) => each.bit === bit);
  return gate === undefined ? text('verdict.gate', { n: bit + 1 }) : local(gate.name);
}

/** Return all meetings of a place that are on this phone. */
export function meetingsAt(place: number): readonly Meeting[] {
  return meetings.value.filter((meeting) => meeting.place === place);
}

/** Return the meeting that a code names by the last 3 bytes of its id (hex). */
export function meetingNamed(place: number | null, tail: string | null): Meeting | null {
  if (place === null || tail === null) return null;
  return meetings.value.find((meeting) => meeting.place === place && meeting.id.endsWith(tail)) ?? null;
}

/** Return what a unit is called, else its code. */
export function unitName(code: string): string {
  const name = bilingual(records('unit').value.find(({ id }) => id === code)?.values.name);
  return name === null ? code : local(name);
}
