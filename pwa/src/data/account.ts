/** Whose phone this is: accounts, signing in and out, and this phone's own key. */

import { batch, type ReadonlySignal, signal } from '@preact/signals';

import { shown } from '../sync/record.ts';
import { now } from './clock.ts';
import { type Account, type Device, meta, reading, type Role, setMeta, standing, writing } from './db.ts';
import { call } from './http.ts';
import { newDevice, thumbprint } from './keys.ts';
import { wake } from './loop.ts';
import { authenticate, register, signDocument } from './passkeys.ts';
import { Problem } from './problem.ts';
import { forgetPersonal } from './pull.ts';
import { paintAll } from './records.ts';
import { alone, tell } from './tabs.ts';

/** The person. `device` is this phone's device id once it is enrolled. */
export interface Me {
  id: string;
  name: string;
  role: Role;
  unit: string | null;
  device: string | null;
}

/** What a one-time link is for. */
export interface LinkInfo {
  role: string;
  unit: string | null;
  name?: string;
}

const DEVICE_LASTS = 365 * 86_400_000;
const person = signal<Me | null>(null);
const ended = signal(false);

/** Who uses this phone; known without a network. */
export const me: ReadonlySignal<Me | null> = person;

/** The session of a known person has ended: they sign in again, and nothing is lost. */
export const signedOut: ReadonlySignal<boolean> = ended;

/**
 * Make a passkey and with it an account, or, by a link, what the link is for. `label` is how the person will know the
 * passkey again. `enrolDevice` is the next step.
 */
export async function createAccount(name: string, link: string | null, label = ''): Promise<void> {
  if (await hasUnsent()) throw new Problem('unsent_changes', false, 'expected nothing unsent of the person before');
  const { ceremony, options } = await begin('/auth/register/options', { name, link });
  const { id, json } = await register(options);
  await enter('/auth/register', { ceremony, credential: json, label }, id);
}

/** Sign in with a passkey. Throws `other_person` when unsent work of somebody else is on this phone. */
export async function signIn(): Promise<void> {
  const { ceremony, options } = await begin('/auth/signin/options', {});
  const { id, json } = await authenticate(options);
  const registration = await registrationOf(id);
  await enter('/auth/signin', { ceremony, credential: json, ...(registration !== null && { registration }) }, id);
}

/** Bind this phone's key to the person by a passkey's signature. `label` is the person's name for the phone. */
export async function enrolDevice(label: string): Promise<void> {
  const { account, device } = await enrolling();
  const document = {
    typ: 'device/1',
    rp: location.hostname,
    jkt: await thumbprint(device.jwk),
    credential: account.credential,
    person: account.id,
    scope: ['sync', 'present'],
    claimed_at: now(),
    exp: now() + DEVICE_LASTS,
  };
  const act = await signDocument(document, [{ id: account.credential, transports: [] }]);
  try {
    await call('POST', '/auth/devices', { ...act, jwk: device.jwk, label });
  } catch (error) {
    // The key is this phone's alone: if it is taken, the answer to an earlier try was lost.
    if (!(error instanceof Problem && error.code === 'device_taken')) throw error;
  }
  await writing(async (tx) => {
    const current = await meta(tx, 'device');
    if (current?.id === device.id) await setMeta(tx, 'device', { ...current, enrolled: true });
  });
  await tell({ records: [], account: true });
  wake();
}

/**
 * Leave this phone: the session ends, and what is personal is wiped with the phone's key. Needs the network, because
 * a session that lives on would let the next person in. With unsent changes it is refused unless `force`d.
 */
export async function signOut({ force = false } = {}): Promise<void> {
  if (!force && (await hasUnsent())) throw new Problem('unsent_changes', false, 'expected nothing unsent');
  await alone(async () => {
    await call('POST', '/auth/signout');
    await wipe();
  });
  await afresh();
}

/** Close one of the person's phones for ever. */
export async function revokeDevice(id: string): Promise<void> {
  await call('POST', `/auth/devices/${encodeURIComponent(id)}/revoke`, {});
  wake();
}

/** Return a link, good for ten minutes, by which the person's next phone comes in. */
export async function inviteOwnPhone(): Promise<string> {
  const { url } = (await call('POST', '/auth/links', {})) as { url: string };
  return url;
}

export async function linkInfo(token: string): Promise<LinkInfo> {
  const info = (await call('GET', `/auth/links/${encodeURIComponent(token)}`)) as LinkInfo;
  return { ...info, unit: (info as Partial<LinkInfo>).unit ?? null };
}

/** Return the thumbprint of the city's root key: the one that this phone saw first. */
export async function pinRoot(): Promise<string> {
  const pinned = await reading((tx) => meta(tx, 'root'));
  if (pinned !== undefined) return pinned;
  const { server } = (await call('GET', '/auth/me')) as { server: { root: string | null } };
  const { root } = server;
  if (root === null) throw new Problem('unavailable', true, 'expected the server to have a root key');
  return writing(async (tx) => {
    const first = (await meta(tx, 'root')) ?? root;
    await setMeta(tx, 'root', first);
    return first;
  });
}

/** Read who this is from the database again. */
export async function loadAccount(): Promise<void> {
  const [account, device] = await reading((tx) => Promise.all([meta(tx, 'account'), meta(tx, 'device')]));
  const before = person.peek();
  const now = account === undefined ? null : meOf(account, device);
  batch(() => {
    if (JSON.stringify(before) !== JSON.stringify(now)) person.value = now;
    ended.value = account?.signedOut === true;
  });
  // Somebody else, or nobody: nothing of the person before may stay in sight.
  if (before !== null && before.id !== now?.id) await paintAll();
}

function meOf({ id, name, role, unit }: Account, device: Device | undefined): Me {
  return { id, name, role, unit, device: device?.enrolled === true ? device.id : null };
}

async function begin(path: string, body: object): Promise<{ ceremony: string; options: unknown }> {
  return (await call('POST', path, body)) as { ceremony: string; options: unknown };
}

/** What the city has signed of a passkey: a service that lost it in a restore takes its own word (SPEC.md B11). */
async function registrationOf(credential: string): Promise<string | null> {
  const all = IDBKeyRange.bound(['registration'], ['registration', []]);
  for (const { state } of await reading((tx) => tx.objectStore('base').getAll(all))) {
    const said = shown(state);
    if (said.credential === credential && typeof said.jws === 'string') return said.jws;
  }
  return null;
}

/** End a ceremony: from here on the session is the person's, so no sender may run until the phone knows. */
async function enter(path: string, body: object, credential: string): Promise<void> {
  await alone(async () => {
    const answer = (await call('POST', path, body)) as { person: Omit<Account, 'credential' | 'signedOut'> };
    const { id, name, role, unit } = answer.person;
    const before = await reading((tx) => meta(tx, 'account'));
    if (before !== undefined && before.id !== id) {
      if (await hasUnsent()) {
        await call('POST', '/auth/signout');
        await setSignedOut();
        throw new Problem('other_person', false, 'expected the person whose unsent work is on this phone');
      }
      await wipe();
    }
    await writing((tx) => setMeta(tx, 'account', { id, name, role, unit, credential, signedOut: false }));
  });
  await afresh();
}

async function enrolling(): Promise<{ account: Account; device: Device }> {
  const fresh = await newDevice();
  return writing(async (tx) => {
    const account = await meta(tx, 'account');
    if (account === undefined) throw new Problem('signed_out', false, 'expected an account on this phone');
    const device = (await meta(tx, 'device')) ?? fresh;
    await setMeta(tx, 'device', device);
    return { account, device };
  });
}

function hasUnsent(): Promise<boolean> {
  return reading(async (tx) => {
    const [changes, attention] = await Promise.all([
      tx.objectStore('changes').count(),
      tx.objectStore('attention').count(),
    ]);
    return changes + attention > 0;
  });
}

async function setSignedOut(): Promise<void> {
  await writing(async (tx) => {
    const account = await meta(tx, 'account');
    if (account !== undefined) await setMeta(tx, 'account', { ...account, signedOut: true });
  });
  await tell({ records: [], account: true });
}

/** Forget the person: records, unsent work, the phone's keys, the gate it looked after. What is everyone's stays. */
async function wipe(): Promise<void> {
  await writing(async (tx) => {
    await Promise.all([
      tx.objectStore('meta').delete('account'),
      tx.objectStore('meta').delete('device'),
      tx.objectStore('meta').delete('gate'),
      tx.objectStore('meta').delete('vault'),
      tx.objectStore('meta').delete('paused'),
      tx.objectStore('changes').clear(),
      tx.objectStore('batches').clear(),
      tx.objectStore('attention').clear(),
      tx.objectStore('holders').clear(),
      tx.objectStore('seen').clear(),
      tx.objectStore('scans').clear(),
      tx.objectStore('heard').clear(),
      tx.objectStore('files').clear(),
      tx.objectStore('chunks').clear(),
    ]);
    await setMeta(tx, 'standing', { ...(await standing(tx)), sentAt: null });
    await forgetPersonal(tx);
  });
}

async function afresh(): Promise<void> {
  await tell({ records: [], account: true });
  wake();
}
