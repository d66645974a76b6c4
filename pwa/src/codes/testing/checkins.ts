/** Check-ins, and keys of phones, for tests. */

import * as fc from 'fast-check';

import { hex } from '../base.ts';
import type { CheckIn } from '../columns.ts';
import { uuid } from '../desk.ts';
import { type Jwk, type Sign, thumbprint } from '../keys.ts';

export interface Phone {
  readonly device: string;
  readonly jwk: Jwk;
  readonly sign: Sign;
}

export async function newPhone(): Promise<Phone> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
  const { privateKey, publicKey } = await crypto.subtle.generateKey(algorithm, false, ['sign', 'verify']);
  const { x = '', y = '' } = await crypto.subtle.exportKey('jwk', publicKey);
  const jwk: Jwk = { kty: 'EC', crv: 'P-256', x, y };
  const sign: Sign = async (input) =>
    new Uint8Array(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, privateKey, input));
  return { device: (await thumbprint(jwk)).slice(0, 22), jwk, sign };
}

/** Return the id of a time (ms) and ten bytes. */
export function idAt(at: number, rest: Uint8Array): string {
  const time = Array.from({ length: 6 }, (_, index) => Math.floor(at / 2 ** (8 * (5 - index))) % 256);
  return uuid(Uint8Array.from([...time, ...rest]));
}

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });

export const checkIns: fc.Arbitrary<CheckIn> = fc
  .record({
    at: fc.oneof(fc.nat(2 ** 48 - 1), fc.integer({ min: 1_795_000_000_000, max: 1_795_000_100_000 })),
    rest: bytes(10),
    way: fc.constantFrom('in', 'out'),
    subject: bytes(8).map(hex),
    gate: fc.nat(15),
    place: fc.nat(2 ** 32 - 1),
    max: fc.nat(255),
    override: fc.boolean(),
  })
  .map(({ rest, ...each }) => ({ id: idAt(each.at, rest), ...each }));

export const manyCheckIns = fc.uniqueArray(checkIns, { selector: ({ id }) => id, maxLength: 60 });
