/** The code of an invitation, `MCI1:`: printed, e-mailed, or claimed into an app. */

import { fields, hexId, maybe, NAME_BYTES, OWN, seconds, text, UINT32, whole } from './claims.ts';
import { CNF, fromCnf } from './cnf.ts';
import type { Jwk } from './keys.ts';
import { issuerKid, type Sign1 } from './sign1.ts';

const [EXP, NBF, CTI] = [4, 5, 7] as const;
const [KIND, PLACE, INDEX, NAME, GATES, ENTRIES, MEETING] = [1, 2, 3, 4, 8, 9, 11] as const;
const MEETING_KIND = 1;

/**
 * What the code says. `exp` and `nbf` are seconds; `gates` is a bit mask; `entries` 0 means no bound. `cti` (hex,
 * 8 bytes) names the invitation over all its issues; `meeting` is the end (hex, 3 bytes) of the meeting's id. An
 * invitation with a `holder` key is claimed: it admits only within a presentation by that key.
 */
export interface Invitation {
  readonly exp: number;
  readonly nbf: number;
  readonly cti: string;
  readonly place: number;
  readonly index: number;
  readonly name: string;
  readonly gates: number;
  readonly entries: number;
  readonly meeting: string;
  readonly holder: Jwk | null;
}

/** Read the claims of a message; its signature is not checked here. Throws `CodeError('malformed')`. */
export function readInvitation(message: Sign1): Invitation {
  const claims = fields(message.claims, [EXP, NBF, CTI, OWN], [CNF]);
  const own = fields(claims.get(OWN), [KIND, PLACE, INDEX, NAME, GATES, ENTRIES, MEETING]);
  whole(own.get(KIND), MEETING_KIND, MEETING_KIND);
  issuerKid(message, null);
  return {
    exp: seconds(claims.get(EXP)),
    nbf: seconds(claims.get(NBF)),
    cti: hexId(claims.get(CTI), 8),
    place: whole(own.get(PLACE), UINT32),
    index: whole(own.get(INDEX), UINT32),
    name: text(own.get(NAME), NAME_BYTES),
    gates: whole(own.get(GATES), 0xffff),
    entries: whole(own.get(ENTRIES), 0xff),
    meeting: hexId(own.get(MEETING), 3),
    holder: maybe(claims.get(CNF), fromCnf),
  };
}
