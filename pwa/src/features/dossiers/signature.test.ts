import { describe, expect, test } from 'vitest';

import { base64url } from '../../sync/batch.ts';
import type { Act } from './model.ts';
import { signatureFacts } from './signature.ts';

const text = '{"rp":"localhost","typ":"submission/1"}';
const utf8 = (data: string) => new TextEncoder().encode(data);
const sha256 = async (data: string) => new Uint8Array(await crypto.subtle.digest('SHA-256', utf8(data)));

const HERE = 'http://localhost:8000';

async function signed({ about = text, origin = HERE, flags = 0x05, crossOrigin = false } = {}): Promise<Act> {
  const challenge = base64url(await sha256(`motcua/sign/v1\0${about}`));
  const client = JSON.stringify({ type: 'webauthn.get', challenge, origin, crossOrigin });
  const authenticator = new Uint8Array([...(await sha256('localhost')), flags, 0, 0, 0, 0]);
  return {
    text,
    document: { rp: 'localhost', typ: 'submission/1' },
    assertion: { client_data: base64url(utf8(client)), authenticator_data: base64url(authenticator) },
  };
}

describe('signatureFacts', () => {
  test('a signature over the document, verified by its user at its own place, passes', async () => {
    expect(await signatureFacts(await signed())).toMatchObject({ challenge: true, place: true, userVerified: true });
  });

  test('a signature over another document is told', async () => {
    expect((await signatureFacts(await signed({ about: text.replace('1', '2') }))).challenge).toBe(false);
  });

  test('a signature made on another page, or inside one, is told', async () => {
    expect((await signatureFacts(await signed({ origin: 'https://evil.example' }))).place).toBe(false);
    expect((await signatureFacts(await signed({ origin: 'https://evillocalhost' }))).place).toBe(false);
    expect((await signatureFacts(await signed({ crossOrigin: true }))).place).toBe(false);
  });

  test('a signature without user verification is told', async () => {
    expect((await signatureFacts(await signed({ flags: 0x01 }))).userVerified).toBe(false);
  });

  test('an assertion that can not be read passes nothing', async () => {
    const assertion = { client_data: '!', authenticator_data: '!' };
    const facts = await signatureFacts({ text, document: { rp: 'localhost' }, assertion });
    expect(facts).toMatchObject({ challenge: false, place: false, userVerified: false, origin: null });
  });
});
