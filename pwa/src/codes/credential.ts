/** What a unit says of a person, bound to a key of the person's phone; it stands inside a presentation, never alone. */

import { refuse } from './base.ts';
import type { Cbor } from './cbor.ts';
import { fields, hexId, maybe, NAME_BYTES, OWN, seconds, text, UINT32, whole } from './claims.ts';
import { CNF, fromCnf } from './cnf.ts';
import type { Jwk } from './keys.ts';
import { issuerKid, type Sign1 } from './sign1.ts';

export const CREDENTIAL = 293;
export type Profile = 'gate' | 'age' | 'full';

const [EXP, IAT] = [4, 6] as const;
const [PROFILE, INDEX, NAME, BORN, PHOTO, AGES] = [1, 3, 4, 5, 6, 7] as const;

/** What each profile discloses: all of that and nothing else. */
const PROFILES: readonly { readonly profile: Profile; readonly discloses: readonly number[] }[] = [
  { profile: 'gate', discloses: [NAME, PHOTO] },
  { profile: 'age', discloses: [AGES] },
  { profile: 'full', discloses: [NAME, BORN, PHOTO, AGES] },
];

/**
 * What the unit signed. `exp` and `iat` are seconds; `born` is the number yyyymmdd; `photo` is hex, 16 bytes of the
 * JPEG's SHA-256; bits of `ages`: 0 for 14 years or older, 1 for 16, 2 for 18, 3 for 60. What is not disclosed is null.
 */
export interface Credential {
  readonly exp: number;
  readonly iat: number;
  readonly holder: Jwk;
  readonly profile: Profile;
  readonly index: number;
  readonly name: string | null;
  readonly born: number | null;
  readonly photo: string | null;
  readonly ages: number | null;
}

/** Read the claims of a message; its signature is not checked here. Throws `CodeError('malformed')`. */
export function readCredential(message: Sign1): Credential {
  const claims = fields(message.claims, [EXP, IAT, CNF, OWN]);
  const own = fields(claims.get(OWN), [PROFILE, INDEX], [NAME, BORN, PHOTO, AGES]);
  const { profile, discloses } = PROFILES[whole(own.get(PROFILE), 3, 1) - 1] ?? refuse('malformed', 'no such profile');
  fields(own, [PROFILE, INDEX, ...discloses]);
  issuerKid(message, CREDENTIAL);
  return {
    exp: seconds(claims.get(EXP)),
    iat: seconds(claims.get(IAT)),
    holder: fromCnf(claims.get(CNF)),
    profile,
    index: whole(own.get(INDEX), UINT32),
    name: maybe(own.get(NAME), (value) => text(value, NAME_BYTES)),
    born: maybe(own.get(BORN), dateOf),
    photo: maybe(own.get(PHOTO), (value) => hexId(value, 16)),
    ages: maybe(own.get(AGES), (value) => whole(value, 15)),
  };
}

function dateOf(value: Cbor): number {
  const date = whole(value, 9999_12_31, 1000_01_01);
  const [month, day] = [Math.floor(date / 100) % 100, date % 100];
  if (month < 1 || month > 12 || day < 1 || day > 31) refuse('malformed', `expected a date yyyymmdd, got ${date}`);
  return date;
}
