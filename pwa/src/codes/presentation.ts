/** A code that the holder's phone makes anew every few seconds, `MCP1:`: a credential or a claimed invitation. */

import type { Bytes } from '../sync/canonical.ts';
import { encodeText, hex, refuse, unhex } from './base.ts';
import { type Cbor, isBytes } from './cbor.ts';
import { fields, hexId, maybe, seconds, text } from './claims.ts';
import { type Sign, sha256 } from './keys.ts';
import { ALG, build, type Sign1, TYP } from './sign1.ts';

const PRESENTATION = 294;
/** The audience of an identity that is shown without knowing where. */
export const ANYWHERE = '*';

/** Our use of a free label: in a presentation's header, the bytes of what the issuer signed. */
const CONTAINER = 13;
const [AUDIENCE, IAT, CHALLENGE] = [3, 6, 39] as const;

/** What the holder signed: for which place, when (seconds), and answering which challenge (hex, 8 bytes). */
export interface Presentation {
  readonly issuer: Bytes;
  readonly audience: string;
  readonly iat: number;
  readonly challenge: string | null;
}

/** Return the text of a presentation; `sign` signs with the holder's key. */
export async function presentationText(presentation: Presentation, sign: Sign): Promise<string> {
  const { issuer, audience, iat, challenge } = presentation;
  const header = new Map<number, Cbor>([
    [CONTAINER, issuer],
    [TYP, PRESENTATION],
  ]);
  const claims = new Map<number, Cbor>([
    [AUDIENCE, audience],
    [IAT, iat],
  ]);
  if (challenge !== null) claims.set(CHALLENGE, unhex(challenge));
  return encodeText('MCP1:', await build(header, claims, sign));
}

/** Return the bytes that an issuer signed; a header with anything else than it should have is `malformed`. */
export function issuerPart({ protected: header }: Sign1): Bytes {
  const issuer = fields(header, [ALG, CONTAINER, TYP]).get(CONTAINER);
  if (header.get(TYP) !== PRESENTATION || !isBytes(issuer))
    return refuse('malformed', `expected an issuer part, and type ${PRESENTATION}`);
  return issuer;
}

/** Read what the holder says; the signature is not checked here. Throws `CodeError('malformed')`. */
export function readPresentation(message: Sign1): Presentation {
  const claims = fields(message.claims, [AUDIENCE, IAT], [CHALLENGE]);
  return {
    issuer: issuerPart(message),
    audience: text(claims.get(AUDIENCE), 10),
    iat: seconds(claims.get(IAT)),
    challenge: maybe(claims.get(CHALLENGE), (value) => hexId(value, 8)),
  };
}

/** Return the presentation's id, 16 hex digits. The signature is left out: anyone can turn s into n - s. */
export async function presentationId({ signingInput }: Sign1): Promise<string> {
  return hex((await sha256(signingInput)).subarray(0, 8));
}
