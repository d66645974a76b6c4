/** A passkey in software: what a phone's own authenticator answers (WebAuthn Level 3, 5.2 and 6.1). */

import { vi } from 'vitest';

import { base64url, unbase64url } from '../../sync/batch.ts';
import type { Bytes } from '../../sync/canonical.ts';

const ES256 = { name: 'ECDSA', hash: 'SHA-256' };
const PRESENT_AND_VERIFIED = 0x05;

interface Options {
  publicKey: {
    challenge: ArrayBuffer;
    rpId?: string;
    userVerification?: string;
    allowCredentials?: { id: ArrayBuffer }[];
  };
}

/** What was asked of the authenticator, last first. */
export interface Authenticator {
  credential: string;
  asked: Options['publicKey'][];
  /** What it gives for a salt, or null when it can't. */
  secret: Uint8Array<ArrayBuffer> | null;
  /** Set to have the person cancel. */
  cancels: boolean;
}

/** Put an authenticator into the browser. */
export async function plugIn(credential = 'Y3JlZA'): Promise<Authenticator> {
  const { privateKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']);
  const state: Authenticator = { credential, asked: [], secret: new Uint8Array(32).fill(7), cancels: false };
  async function get({ publicKey }: Options): Promise<unknown> {
    state.asked.unshift(publicKey);
    if (state.cancels) throw new DOMException('The person said no', 'NotAllowedError');
    const challenge = base64url(new Uint8Array(publicKey.challenge));
    const clientData = utf8(JSON.stringify({ type: 'webauthn.get', challenge, origin: 'http://localhost' }));
    const data = new Uint8Array([...(await sha256(utf8('localhost'))), PRESENT_AND_VERIFIED, 0, 0, 0, 0]);
    const signed = new Uint8Array([...data, ...(await sha256(clientData))]);
    const signature = await crypto.subtle.sign(ES256, privateKey, signed);
    return {
      ...common(),
      response: { authenticatorData: data.buffer, clientDataJSON: clientData.buffer, signature, userHandle: null },
    };
  }
  function create({ publicKey }: Options): Promise<unknown> {
    state.asked.unshift(publicKey);
    const [attestationObject, clientDataJSON] = [new ArrayBuffer(8), new ArrayBuffer(8)];
    return Promise.resolve({ ...common(), response: { attestationObject, clientDataJSON, getTransports: () => [] } });
  }
  const common = () => ({
    id: state.credential,
    rawId: unbase64url(state.credential).buffer,
    type: 'public-key',
    getClientExtensionResults: () => (state.secret === null ? {} : { prf: { results: { first: state.secret } } }),
    authenticatorAttachment: 'platform',
  });
  vi.stubGlobal('PublicKeyCredential', function PublicKeyCredential() {});
  Object.assign(navigator, { credentials: { get, create } });
  return state;
}

export async function sha256(data: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', data));
}

export function utf8(text: string): Bytes {
  return new TextEncoder().encode(text);
}
