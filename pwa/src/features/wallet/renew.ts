/** Keeps this phone's identity codes fresh without anybody asking. */
import { me } from '../../data/account.ts';
import { now } from '../../data/clock.ts';
import { dropHolder, holders } from '../../data/holders.ts';
import { records } from '../../data/records.ts';
import { status } from '../../data/status.ts';
import { hold } from './keys.ts';
import { held, identity, ownKeys, readKeys } from './known.ts';
import { askedOf, toAskFor } from './model.ts';

let running: Promise<void> | null = null;

/** Ask for what is missing or ends soon, and drop keys of credentials that are over. Doing it often does no harm. */
export function renew(): Promise<void> {
  running ??= renewNow().finally(() => (running = null));
  return running;
}

async function renewNow(): Promise<void> {
  await readKeys();
  await dropOver();
  const who = identity();
  if (me.value?.device == null || who.level !== 2 || who.withdrawnAt !== null) return;
  // What was refused once would be refused again; the person sees why in the outbox.
  if (status.value.attention.some(({ kind }) => kind === 'holding')) return;
  for (const profile of toAskFor(held(), askedOf(records('holding').value), ownKeys.value, now())) await hold(profile);
  await readKeys();
}

/** A key whose credential was revoked or has expired serves nobody. */
async function dropOver(): Promise<void> {
  const credentials = new Map(records('credential').value.map(({ id, values }) => [id, values]));
  for (const { jkt } of await holders()) {
    const values = credentials.get(jkt);
    const over = typeof values?.exp === 'number' && values.exp * 1000 < now();
    if (values?.revoked_at !== undefined || over) await dropHolder(jkt);
  }
}
