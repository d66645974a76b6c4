/** What this phone can check of a passkey's signature by itself (WebAuthn Level 3, 7.2). */
import { unbase64url } from '../../sync/batch.ts';
import type { Bytes } from '../../sync/canonical.ts';
import { decode, isObject } from '../../sync/canonical.ts';
import { textOf } from './model.ts';
import type { Act } from './model.ts';

export interface SignatureFacts {
  /** Lower-case hex SHA-256 of the document's exact text. */
  documentSha256: string;
  /** The passkey signed this document and no other. */
  challenge: boolean;
  /** The page that asked for the signature; null when it can't be read. */
  origin: string | null;
  /** That page belongs to the service that the document names. */
  place: boolean;
  /** Fingerprint, face or the phone's code was asked for and given. */
  userVerified: boolean;
}

const PREFIX = 'motcua/sign/v1\0';
const RP_HASH_BYTES = 32;
const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;

/** Recompute what binds `act`'s signature to its document. The signature's mathematics is the server's to check. */
export async function signatureFacts(act: Act): Promise<SignatureFacts> {
  const client = clientData(act);
  const authenticator = bytesOf(textOf(act.assertion, 'authenticator_data'));
  const rp = textOf(act.document, 'rp');
  const rpHash = await sha256(utf8(rp));
  const flags = authenticator[RP_HASH_BYTES] ?? 0;
  return {
    documentSha256: hex(await sha256(utf8(act.text))),
    challenge: client.type === 'webauthn.get' && same(bytesOf(client.challenge), await sha256(utf8(PREFIX + act.text))),
    origin: client.origin,
    place: same(authenticator.slice(0, RP_HASH_BYTES), rpHash) && belongs(client.origin, rp) && !client.crossOrigin,
    userVerified: (flags & USER_PRESENT) !== 0 && (flags & USER_VERIFIED) !== 0,
  };
}

function clientData(act: Act): { type: string; challenge: string; origin: string | null; crossOrigin: boolean } {
  try {
    const data = decode(bytesOf(textOf(act.assertion, 'client_data')));
    if (!isObject(data)) return { type: '', challenge: '', origin: null, crossOrigin: true };
    const origin = textOf(data, 'origin');
    return {
      type: textOf(data, 'type'),
      challenge: textOf(data, 'challenge'),
      origin: origin === '' ? null : origin,
      crossOrigin: data.crossOrigin === true || data.topOrigin !== undefined,
    };
  } catch {
    return { type: '', challenge: '', origin: null, crossOrigin: true };
  }
}

function belongs(origin: string | null, rp: string): boolean {
  if (origin === null || rp === '' || !URL.canParse(origin)) return false;
  const { hostname } = new URL(origin);
  return hostname === rp || hostname.endsWith(`.${rp}`);
}

/** Text that is no base64url counts as no bytes: a check on it then fails. */
function bytesOf(base64url: string): Bytes {
  try {
    return unbase64url(base64url);
  } catch {
    return new Uint8Array();
  }
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

async function sha256(data: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', data));
}

function utf8(text: string): Bytes {
  return new TextEncoder().encode(text);
}

function hex(data: Uint8Array): string {
  return [...data].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
