import { expect, test } from 'vitest';

import { deskIn, deskLink, hashOf, invitationIn, invitationLink, newSecret } from './link.ts';

const DRAFT = '01a1ed3e-0e00-7000-8000-000000000000';
const ORIGIN = 'https://motcua.example';

test('an invitation is read from its link, whole or from behind the #, and nothing else is one', () => {
  const invitation = { draft: DRAFT, secret: newSecret(), procedure: 'birth-registration' };
  const link = invitationLink(ORIGIN, invitation);
  expect(invitationIn(link)).toEqual(invitation);
  expect(invitationIn(` ${link}\n`)).toEqual(invitation);
  expect(invitationIn(link.split('#')[1] ?? '')).toEqual(invitation);
  expect(invitationIn(invitationLink(ORIGIN, { ...invitation, procedure: null }))?.procedure).toBeNull();
  const wrong = ['', 'MCI1:ABC', `${ORIGIN}/shared`, `${ORIGIN}/claim#${DRAFT}.${invitation.secret}`, `${DRAFT}.short`];
  for (const text of [...wrong, `${link}.x`, `javascript:alert(1)#${DRAFT}`]) expect(invitationIn(text)).toBeNull();
});

test('what opens a draft stands behind the #, where no server sees it', () => {
  const secret = newSecret();
  const url = new URL(invitationLink(ORIGIN, { draft: DRAFT, secret, procedure: null }));
  expect(url.pathname + url.search).toBe('/shared');
  expect(url.hash).toContain(secret);
});

test('secrets have 128 bits and differ; the draft holds their SHA-256', async () => {
  expect(newSecret()).toMatch(/^[A-Za-z0-9_-]{22}$/);
  expect(newSecret()).not.toBe(newSecret());
  expect(await hashOf('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});

test("a desk's code names its unit", () => {
  expect(deskIn(deskLink(ORIGIN, 'ben-thanh'))).toBe('ben-thanh');
  expect(deskIn('ben-thanh')).toBe('ben-thanh');
  const wrong = ['', `${ORIGIN}/shared#ben-thanh`, 'Bến Thành', `${ORIGIN}/share#../x`];
  for (const text of wrong) expect(deskIn(text)).toBeNull();
});
