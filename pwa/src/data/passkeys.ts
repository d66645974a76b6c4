/** Asking for a passkey, with its failures as problems. */

import { startAuthentication, startRegistration } from '@simplewebauthn/browser';

import { base64url, unbase64url } from '../sync/batch.ts';
import { type Bytes, nfc, stringify, type Value } from '../sync/canonical.ts';
import { sha256 } from './keys.ts';
import { Problem } from './problem.ts';

type RegistrationOptions = Parameters<typeof startRegistration>[0]['optionsJSON'];
type AuthenticationOptions = Parameters<typeof startAuthentication>[0]['optionsJSON'];
type Transports = NonNullable<AuthenticationOptions['allowCredentials']>[number]['transports'];

/** A passkey that may sign: credential id (base64url), and how the browser may reach it. */
export interface Passkey {
  id: string;
  transports: readonly string[];
}

/** A passkey's signature, all base64url (WebAuthn Level 3, 5.2.2). */
export interface Assertion {
  credential: string;
  authenticator_data: string;
  client_data: string;
  signature: string;
}

/** By the name of the browser's error (WebAuthn Level 3, 5.1.3 and 5.1.4). */
const CODES: Readonly<Record<string, string>> = {
  NotAllowedError: 'passkey_cancelled',
  AbortError: 'passkey_cancelled',
  InvalidStateError: 'passkey_taken',
};
const SIGN = 'motcua/sign/v1\0';

/** Make a passkey. The answer is what the server expects, without extension results: they can hold secrets. */
export async function register(optionsJSON: unknown): Promise<{ id: string; json: object }> {
  const options = optionsJSON as RegistrationOptions;
  // Some authenticators give secrets (`secretOf`) only by passkeys that were made with this.
  const extensions = { ...options.extensions, prf: {} } as NonNullable<RegistrationOptions['extensions']>;
  const made = await asked(() => startRegistration({ optionsJSON: { ...options, extensions } }));
  return { id: made.id, json: { ...made, clientExtensionResults: {} } };
}

/** Answer the server's challenge with a passkey. */
export async function authenticate(optionsJSON: unknown): Promise<{ id: string; json: object }> {
  const made = await asked(() => startAuthentication({ optionsJSON: optionsJSON as AuthenticationOptions }));
  return { id: made.id, json: { ...made, clientExtensionResults: {} } };
}

/**
 * Ask a passkey for the secret that it keeps for `salt`, 32 bytes: always the same, and known to nobody else (WebAuthn
 * Level 3, 10.1.4: PRF). Null when it has none to give. Needs no network.
 *
 * The answer is looked at here and nowhere else: `toJSON()` of it would hold the secret.
 */
export async function secretOf(credential: string, salt: Bytes): Promise<Bytes | null> {
  const answer = await asked(() =>
    navigator.credentials.get({
      publicKey: {
        challenge: crypto.getRandomValues(new Uint8Array(32)),
        rpId: location.hostname,
        userVerification: 'required',
        allowCredentials: [{ id: unbase64url(credential), type: 'public-key' }],
        extensions: { prf: { eval: { first: salt } } },
      },
    }),
  );
  const first = (answer as PublicKeyCredential | null)?.getClientExtensionResults().prf?.results?.first;
  if (first === undefined) return null;
  return first instanceof ArrayBuffer ? new Uint8Array(first) : new Uint8Array(first.buffer);
}

/** Sign a document with one of `passkeys`: its text is made once, and the challenge is the hash of it. */
export async function signDocument(
  document: Value,
  passkeys: readonly Passkey[],
): Promise<{ document: string; assertion: Assertion }> {
  const text = stringify(nfc(document));
  const optionsJSON: AuthenticationOptions = {
    challenge: base64url(await sha256(challengeInput(text))),
    rpId: location.hostname,
    userVerification: 'required',
    allowCredentials: passkeys.map(({ id, transports }) => ({
      id,
      type: 'public-key',
      ...(transports.length > 0 && { transports: [...transports] as NonNullable<Transports> }),
    })),
  };
  const { id, response } = await asked(() => startAuthentication({ optionsJSON }));
  return {
    document: text,
    assertion: {
      credential: id,
      authenticator_data: response.authenticatorData,
      client_data: response.clientDataJSON,
      signature: response.signature,
    },
  };
}

function challengeInput(text: string): Bytes {
  const encoder = new TextEncoder();
  return new Uint8Array([...encoder.encode(SIGN), ...encoder.encode(text)]);
}

async function asked<T>(ask: () => Promise<T>): Promise<T> {
  if (!('PublicKeyCredential' in globalThis)) throw new Problem('passkey_unsupported', false, 'expected WebAuthn');
  try {
    return await ask();
  } catch (error) {
    const name = error instanceof Error ? error.name : '';
    throw new Problem(CODES[name] ?? 'passkey_failed', false, String(error));
  }
}
