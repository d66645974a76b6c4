/** What a resident shows at the desk, `MCD1:`: the account that an identity check is for, signed by the phone. */

import type { Bytes } from '../sync/canonical.ts';
import { decodeOnly, encodeText, hex, refuse, unhex } from './base.ts';
import { type Cbor } from './cbor.ts';
import { bytes, fields, seconds } from './claims.ts';
import { type Sign } from './keys.ts';
import { ALG, build, KID, parse, type Sign1 } from './sign1.ts';

const [PERSON, IAT] = [2, 6] as const;
const DEVICE_CHARACTERS = 22;

/** The id of the device that signed, the person's (a UUID), and when, in seconds since 1970. */
export interface Desk {
  readonly device: string;
  readonly person: string;
  readonly iat: number;
}

/** Return the text of a desk code; `sign` signs with the device's key. */
export async function deskText({ device, person, iat }: Desk, sign: Sign): Promise<string> {
  const header = new Map<number, Cbor>([[KID, deviceKid(device)]]);
  const claims = new Map<number, Cbor>([
    [PERSON, unhex(person.replaceAll('-', ''))],
    [IAT, iat],
  ]);
  return encodeText('MCD1:', await build(header, claims, sign));
}

/** Read the code, and the message whose signature the caller must verify; anything else throws `CodeError`. */
export function parseDesk(text: string): { desk: Desk; message: Sign1 } {
  const message = parse(decodeOnly('MCD1:', text));
  const claims = fields(message.claims, [PERSON, IAT]);
  const person = uuid(bytes(claims.get(PERSON), 16));
  return { desk: { device: deviceOf(message), person, iat: seconds(claims.get(IAT)) }, message };
}

/** Return the key id of a device: the characters of its id. */
export function deviceKid(device: string): Bytes {
  return new TextEncoder().encode(device);
}

/** Return which device's key signed, as the message says. Throws `CodeError('malformed')`. */
export function deviceOf({ protected: header }: Sign1): string {
  const kid = bytes(fields(header, [ALG, KID]).get(KID), DEVICE_CHARACTERS);
  if (kid.some((byte) => byte > 127)) refuse('malformed', `expected a device id of ${DEVICE_CHARACTERS} characters`);
  return new TextDecoder().decode(kid);
}

/** Return the text of a UUID of 16 bytes. */
export function uuid(data: Uint8Array): string {
  return hex(data).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
