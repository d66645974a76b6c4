/** Reads what was held in front of the camera, and believes it only when its signatures hold. */

import { CodeError, decodeText, hex, refuse } from '../../codes/base.ts';
import { parseCard } from '../../codes/cccd.ts';
import { CNF, fromCnf } from '../../codes/cnf.ts';
import { type Credential, CREDENTIAL, readCredential } from '../../codes/credential.ts';
import { type Invitation, readInvitation } from '../../codes/invitation.ts';
import { importKey, type Jwk, thumbprintBytes } from '../../codes/keys.ts';
import { issuerPart, type Presentation, presentationId, readPresentation } from '../../codes/presentation.ts';
import { issuerKid, parse, type Sign1, TYP, verify } from '../../codes/sign1.ts';
import type { Key, OpenPack } from './packs.ts';

/** What an issuer signed, the `kid` (hex) that it names, and what a holder signed around it, if a phone presents it. */
export interface Parts {
  readonly issued: Sign1;
  readonly kid: string;
  readonly held: Sign1 | null;
}

export type Issued =
  | ({ readonly sort: 'invitation' } & Invitation)
  | ({ readonly sort: 'identity' } & Credential);

/**
 * What a code says, once believed. `subject` is how check-ins name whoever shows it, `unit` the unit whose key signed;
 * `presented` and `id` are what a holder says and the presentation's id.
 */
export interface Shown {
  readonly issued: Issued;
  readonly subject: string;
  readonly unit: string;
  readonly presented: Presentation | null;
  readonly id: string | null;
}

/** Take a code apart. What can't be read throws `CodeError`, with `card` for a citizen card. */
export function read(code: string): Parts {
  const { prefix, data } = textOf(code);
  if (prefix === 'MCI1:') {
    const issued = parse(data);
    return { issued, kid: hex(issuerKid(issued, null)), held: null };
  }
  if (prefix !== 'MCP1:') return refuse('not_a_code', `expected a code for the guard, got ${prefix}`);
  const held = parse(data);
  const issued = parse(issuerPart(held));
  return { issued, kid: hex(issuerKid(issued, isCredential(issued) ? CREDENTIAL : null)), held };
}

/** Verify the signatures, the issuer's and the holder's, and only then read the claims; or throw `CodeError`. */
export async function believe({ issued, kid, held }: Parts, pack: OpenPack | null): Promise<Shown> {
  if (pack === null) return refuse('no_pack', 'expected keys to verify with');
  const { unit } = await issuerOf(issued, kid, pack.keys);
  if (held !== null) await verifyHolder(issued, held);
  const claims = claimsOf(issued);
  return {
    issued: claims,
    subject: claims.sort === 'invitation' ? claims.cti : await subjectOf(claims.holder),
    unit,
    presented: held === null ? null : readPresentation(held),
    id: held === null ? null : await presentationId(held),
  };
}

function claimsOf(issued: Sign1): Issued {
  if (isCredential(issued)) return { sort: 'identity', ...readCredential(issued) };
  return { sort: 'invitation', ...readInvitation(issued) };
}

/** Find the key that signed. Several may share a `kid` of 4 bytes; all of them are tried. */
async function issuerOf(issued: Sign1, kid: string, every: readonly Key[]): Promise<Key> {
  const keys = every.filter(({ kid4 }) => kid4 === kid);
  if (keys.length === 0) refuse('unknown_issuer', 'expected a key of the trust list');
  for (const key of keys) if (await verify(issued, key.key)) return key;
  return refuse('forged', "expected the issuer's signature");
}

async function verifyHolder(issued: Sign1, held: Sign1): Promise<void> {
  const claim = issued.claims.get(CNF) ?? refuse('holder', "expected an issuer part that names a holder's key");
  if (!(await verify(held, await importKey(fromCnf(claim)))))
    refuse('holder', 'expected the signature of the key that the issuer names');
}

async function subjectOf(holder: Jwk): Promise<string> {
  return hex((await thumbprintBytes(holder)).subarray(0, 8));
}

function isCredential(issued: Sign1): boolean {
  return issued.protected.has(TYP);
}

function textOf(code: string): ReturnType<typeof decodeText> {
  try {
    return decodeText(code);
  } catch (error) {
    if (isCard(code)) return refuse('card', 'expected a code, got a citizen card');
    throw error;
  }
}

function isCard(code: string): boolean {
  try {
    parseCard(code);
    return true;
  } catch (error) {
    if (error instanceof CodeError) return false;
    throw error;
  }
}
