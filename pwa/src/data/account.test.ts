import { beforeEach, describe, expect, test } from 'vitest';

import { base64url } from '../sync/batch.ts';
import { decode } from '../sync/canonical.ts';
import { type Authenticator, plugIn, sha256, utf8 } from './testing/authenticator.ts';
import { enrol, openPage, type Page, routes, unbox, values, write } from './testing/phone.ts';
import { Server } from './testing/server.ts';

let server: Server;
let page: Page;
let authenticator: Authenticator;
let person: { id: string; name: string; role: string; unit: string | null };
let asked: { path: string; body: unknown }[];

beforeEach(async () => {
  server = new Server();
  page = await unbox(server);
  authenticator = await plugIn();
  person = { id: 'person-1', name: 'An', role: 'resident', unit: null };
  asked = [];
  const challenge = base64url(new Uint8Array(32));
  const user = { id: 'dXNlcg', name: 'An', displayName: 'An' };
  const options = { challenge, user, rp: {}, pubKeyCredParams: [], excludeCredentials: [] };
  const answers: Record<string, () => { status: number; body: unknown }> = {
    '/auth/register/options': () => ({ status: 200, body: { ceremony: 'c', options } }),
    '/auth/signin/options': () => ({ status: 200, body: { ceremony: 'c', options: { challenge } } }),
    '/auth/register': () => ({ status: 200, body: { person } }),
    '/auth/signin': () => ({ status: 200, body: { person } }),
    '/auth/devices': () => ({ status: 200, body: { device: 'x' } }),
    '/auth/signout': () => ({ status: 204, body: null }),
  };
  for (const [path, answer] of Object.entries(answers)) {
    routes.set(path, (body) => {
      asked.push({ path, body });
      return answer();
    });
  }
});

const code = async (work: Promise<unknown>) => {
  try {
    await work;
    return null;
  } catch (error) {
    return (error as { code: string }).code;
  }
};
const everything = () =>
  page.db.reading(async (tx) => ({
    base: await tx.objectStore('base').getAllKeys(),
    cursors: await tx.objectStore('cursors').getAllKeys(),
    changes: await tx.objectStore('changes').count(),
    batches: await tx.objectStore('batches').count(),
    attention: await tx.objectStore('attention').count(),
    device: await page.db.meta(tx, 'device'),
  }));
const bodyOf = (path: string) => asked.find((each) => each.path === path)?.body as Record<string, unknown>;

describe('coming in', () => {
  test('an account is made, then the phone is bound to it by the passkey that was made', async () => {
    await page.account.createAccount('An', null);
    expect(page.account.me.peek()).toEqual({ ...person, device: null });
    await page.account.enrolDevice('Điện thoại của An');
    const device = page.account.me.peek()?.device;
    expect(device).toMatch(/^[A-Za-z0-9_-]{22}$/);
    const { document, assertion, jwk, label } = bodyOf('/auth/devices');
    const signed = decode(document as string) as Record<string, unknown>;
    expect(signed).toMatchObject({ typ: 'device/1', rp: 'localhost', credential: 'Y3JlZA', person: 'person-1' });
    expect(String(signed.jkt).slice(0, 22)).toBe(device);
    expect(jwk).toEqual((await everything()).device?.jwk);
    expect(label).toBe('Điện thoại của An');
    expect(assertion).toMatchObject({ credential: 'Y3JlZA' });
  });

  test('no secret of an extension leaves the phone', async () => {
    await page.account.createAccount('An', null);
    await page.account.signIn();
    expect(JSON.stringify(asked)).not.toContain('secret');
  });

  test('the key of the phone can not be taken out of the browser', async () => {
    await enrol(page);
    const { device } = await everything();
    expect(device?.key.extractable).toBe(false);
    await expect(crypto.subtle.exportKey('jwk', device!.key)).rejects.toThrow();
  });

  test('an enrolment whose answer was lost is finished by doing it again', async () => {
    await page.account.createAccount('An', null);
    routes.set('/auth/devices', () => ({ status: 409, body: { code: 'device_taken', retry: false } }));
    await page.account.enrolDevice('Máy');
    expect(page.account.me.peek()?.device).not.toBeNull();
  });

  test('who it is is known after a restart, without a network', async () => {
    await page.account.createAccount('An', null);
    page = await openPage();
    expect(page.account.me.peek()?.name).toBe('An');
  });

  test('a cancelled passkey is said as such and changes nothing', async () => {
    authenticator.cancels = true;
    expect(await code(page.account.signIn())).toBe('passkey_cancelled');
    expect(page.account.me.peek()).toBeNull();
  });

  test('B11 what the city has signed of the passkey goes along when it signs in, and of no other', async () => {
    await enrol(page);
    server.write('registration', 'r1', 'credential', 'another', 'server');
    server.write('registration', 'r1', 'jws', "another's", 'server');
    await page.exchange.exchange();
    await page.account.signIn();
    expect(bodyOf('/auth/signin')).not.toHaveProperty('registration');
    server.write('registration', 'r2', 'credential', 'Y3JlZA', 'server');
    server.write('registration', 'r2', 'jws', 'signed', 'server');
    await page.exchange.exchange();
    asked.length = 0;
    await page.account.signIn();
    expect(bodyOf('/auth/signin')).toMatchObject({ registration: 'signed' });
  });

  test('signing in again after a session ended keeps the key and what is unsent', async () => {
    const device = await enrol(page);
    await write(page, 'draft', 'd1', { 'answer/name': 'An' });
    await page.account.signIn();
    expect(page.account.me.peek()?.device).toBe(device);
    expect(values(page, 'draft', 'd1')).toEqual({ 'answer/name': 'An' });
  });
});

describe('somebody else', () => {
  beforeEach(async () => {
    await enrol(page);
    server.write('form', 'f1', 'form', '{}', 'server', 'public');
    server.write('dossier', 's1', 'code', 'BT-1', 'server');
    await page.exchange.exchange();
    person = { id: 'person-2', name: 'Bình', role: 'resident', unit: null };
  });

  test('may not come in over unsent work, and their session is ended', async () => {
    await write(page, 'draft', 'd1', { 'answer/name': 'An' });
    expect(await code(page.account.signIn())).toBe('other_person');
    expect(bodyOf('/auth/signout')).toBeNull();
    expect(page.account.me.peek()?.id).toBe('person-1');
    expect(page.account.signedOut.peek()).toBe(true);
    expect(server.taken.filter(({ kind }) => kind === 'draft')).toEqual([]);
  });

  test('sees nothing of the person before, in no tab', async () => {
    const other = await openPage();
    expect(values(other, 'dossier', 's1')).toEqual({ code: 'BT-1' });
    server.person = 'person-2';
    await page.account.signIn();
    await expect.poll(() => other.account.me.peek()?.id).toBe('person-2');
    await expect.poll(() => values(other, 'dossier', 's1')).toBeUndefined();
    expect(page.records.records('dossier').peek()).toEqual([]);
    expect(page.records.records('form').peek()).toHaveLength(1);
    expect((await everything()).device).toBeUndefined();
  });
});

describe('leaving', () => {
  beforeEach(async () => {
    await enrol(page);
    server.write('form', 'f1', 'form', '{}', 'server', 'public');
    server.write('dossier', 's1', 'code', 'BT-1', 'server');
    await write(page, 'draft', 'd1', { 'answer/name': 'An' });
  });

  test('is refused with unsent work, unless it is forced', async () => {
    expect(await code(page.account.signOut())).toBe('unsent_changes');
    expect(values(page, 'draft', 'd1')).toEqual({ 'answer/name': 'An' });
    await page.account.signOut({ force: true });
    expect(page.account.me.peek()).toBeNull();
  });

  test('wipes what is personal and the key, and keeps what is public', async () => {
    await page.exchange.exchange();
    server.person = null;
    await page.account.signOut();
    expect(page.records.records('draft').peek()).toEqual([]);
    expect(await everything()).toMatchObject({
      base: [['form', 'f1']],
      cursors: ['public'],
      changes: 0,
      batches: 0,
      attention: 0,
      device: undefined,
    });
  });

  test('needs the network, because a session that lives on would let the next person in', async () => {
    await page.exchange.exchange();
    routes.set('/auth/signout', () => ({ status: 503, body: { code: 'unavailable', retry: true } }));
    expect(await code(page.account.signOut())).toBe('unavailable');
    expect(page.account.me.peek()?.id).toBe('person-1');
  });
});

describe('acts', () => {
  test('the challenge is the hash of exactly the text that is kept', async () => {
    await enrol(page);
    const answers = { b: 'Nguye\u0302n', a: 1 };
    const { document, assertion } = await page.acts.signAct({ typ: 'submission/1', answers });
    expect(document).toBe('{"answers":{"a":1,"b":"Nguyên"},"typ":"submission/1"}');
    const [options] = authenticator.asked;
    const expected = await sha256(utf8(`motcua/sign/v1\0${document}`));
    expect(new Uint8Array(options!.challenge)).toEqual(expected);
    expect(options).toMatchObject({ rpId: 'localhost', userVerification: 'required' });
    expect(Object.keys(assertion).sort()).toEqual(['authenticator_data', 'client_data', 'credential', 'signature']);
  });

  test('only the valid passkeys of the person may sign', async () => {
    await enrol(page);
    const passkey = (id: string, key: string, value: string) => server.write('passkey', id, key, value, 'server');
    for (const [id, credential] of [['p1', 'cDE'], ['p2', 'cDI']] as const) {
      passkey(id, 'person', 'person-1');
      passkey(id, 'credential', credential);
    }
    passkey('p2', 'revoked_at', '1');
    await page.exchange.exchange();
    await page.acts.signAct({ typ: 'x' });
    const allowed = authenticator.asked[0]?.allowCredentials?.map(({ id }) => base64url(new Uint8Array(id)));
    expect(allowed).toEqual(['cDE', 'cred']);
  });
});
