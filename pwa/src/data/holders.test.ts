import { beforeEach, describe, expect, test } from 'vitest';

import { importKey, verifyWith } from '../codes/keys.ts';
import { enrol, openPage, type Page, unbox } from './testing/phone.ts';
import { Server } from './testing/server.ts';

let page: Page;
beforeEach(async () => {
  page = await unbox(new Server());
  await enrol(page);
});

const input = new TextEncoder().encode('to be signed');

describe('holder keys', () => {
  test('sign, also after the page was closed', async () => {
    const { jkt, jwk } = await page.holders.newHolder('age');
    page = await openPage();
    const signature = await page.holders.signWith(jkt, input);
    expect(signature).toHaveLength(64);
    expect(await verifyWith(await importKey(jwk), signature, input)).toBe(true);
  });

  test('never leave the browser', async () => {
    const made = await page.holders.newHolder('gate');
    expect(Object.keys(made).sort()).toEqual(['at', 'jkt', 'jwk', 'purpose']);
    expect(Object.keys(made.jwk).sort()).toEqual(['crv', 'kty', 'x', 'y']);
    const stored = await page.db.reading((tx) => tx.objectStore('holders').get(made.jkt));
    expect(stored?.key.extractable).toBe(false);
    await expect(crypto.subtle.exportKey('jwk', stored!.key)).rejects.toThrow();
  });

  test('are found by what they are named', async () => {
    const [first, second] = [await page.holders.newHolder('full'), await page.holders.newHolder('invitation')];
    expect(first.jkt).toMatch(/^[\w-]{43}$/);
    const all = await page.holders.holders();
    expect(all.map(({ jkt }) => jkt).sort()).toEqual([first.jkt, second.jkt].sort());
    expect(await page.holders.holder(second.jkt)).toEqual(second);
  });

  test('that were dropped sign nothing any more', async () => {
    const { jkt } = await page.holders.newHolder('gate');
    await page.holders.dropHolder(jkt);
    expect(await page.holders.holder(jkt)).toBeNull();
    await expect(page.holders.signWith(jkt, input)).rejects.toMatchObject({ code: 'holder_missing' });
  });
});
