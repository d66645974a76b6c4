/** What the guard shows in challenge mode, `MCC1:`: a place and a nonce, unsigned. */

import { decodeOnly, encodeText, unhex } from './base.ts';
import { type Cbor, decodeMap, encode } from './cbor.ts';
import { fields, hexId, UINT32, whole } from './claims.ts';

const [PLACE, NONCE] = [2, 39] as const;

/** Where the answer will be shown, and what it must carry (hex, 8 bytes). */
export interface Challenge {
  readonly place: number;
  readonly nonce: string;
}

/** Return what stands in the QR code. */
export function challengeText({ place, nonce }: Challenge): string {
  const claims = new Map<number, Cbor>([
    [PLACE, place],
    [NONCE, unhex(nonce)],
  ]);
  return encodeText('MCC1:', encode(claims));
}

/** Read the code; anything else throws `CodeError`. */
export function parseChallenge(text: string): Challenge {
  const claims = fields(decodeMap(decodeOnly('MCC1:', text)), [PLACE, NONCE]);
  return { place: whole(claims.get(PLACE), UINT32), nonce: hexId(claims.get(NONCE), 8) };
}
