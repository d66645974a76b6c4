/** What of the wallet is on this phone, as signals. */
import { computed, signal } from '@preact/signals';

import { me } from '../../data/account.ts';
import { now } from '../../data/clock.ts';
import { holders } from '../../data/holders.ts';
import { record, records } from '../../data/records.ts';
import { status } from '../../data/status.ts';
import { isObject } from '../../sync/canonical.ts';
import { local } from '../../text/index.ts';
import { heldOf, identityLevel, openClaims } from './model.ts';
import type { Claimed, Held, Identity } from './model.ts';

/** The holder keys on this phone: thumbprints, and x of each. Read anew by `readKeys`. */
const keys = signal<ReadonlyMap<string, string>>(new Map());

/** Look again at which holder keys are on this phone. */
export async function readKeys(): Promise<void> {
  keys.value = new Map((await holders()).map(({ jkt, jwk }) => [jkt, jwk.x]));
}

export const ownKeys = computed<ReadonlySet<string>>(() => new Set(keys.value.values()));

/** What can be shown now. Whoever shows this looks again when it may have expired. */
export function held(): readonly Held[] {
  return heldOf(records('credential').value, new Set(keys.value.keys()), now());
}

export function waitingClaims(): readonly Claimed[] {
  return openClaims(records('claim').value, records('credential').value, status.value.attention);
}

export function identity(): Identity {
  const person = me.value?.id ?? '';
  return identityLevel(record('profile', person).value, record('identity', person).value);
}

/** Return what a place is called, with its address where that is known, else its number. */
export function placeName(number: number): string {
  const { name, address } = record('place', String(number)).value?.values ?? {};
  const { vi, en } = name !== undefined && isObject(name) ? name : {};
  if (typeof vi !== 'string' || typeof en !== 'string') return String(number);
  return [local({ vi, en }), typeof address === 'string' ? address : ''].filter((each) => each !== '').join(', ');
}
