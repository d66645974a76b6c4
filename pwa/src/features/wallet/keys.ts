/** The holder keys of this phone and the requests that are made with them. */
import { change, newId } from '../../data/records.ts';
import { newHolder, signWith } from '../../data/holders.ts';
import type { Purpose } from '../../data/holders.ts';
import { base64url } from '../../sync/batch.ts';
import type { Value } from '../../sync/canonical.ts';
import type { Asking } from './model.ts';

const PROOF = 'motcua/holder/v1\0';

/** Claim an invitation for a new key of this phone: the record waits in the outbox until there is a network. */
export async function claim(code: string): Promise<void> {
  await request('claim', 'invitation', { code });
}

/** Ask the unit for an identity credential for a new key of this phone. */
export async function hold(profile: Asking): Promise<void> {
  await request('holding', profile, { profile });
}

/** Write a record that shows a new key, and proves that this phone has it: the key signs the record's id. */
async function request(kind: string, purpose: Purpose, values: Record<string, Value>): Promise<void> {
  const id = newId();
  const { jkt, jwk } = await newHolder(purpose);
  const proof = base64url(await signWith(jkt, new TextEncoder().encode(PROOF + id)));
  await change(kind, id, { [kind]: { ...values, jwk: { ...jwk }, proof } });
}
