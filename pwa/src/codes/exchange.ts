/** The exchange (`MCX1:`): what a guard's phone knows of recent check-ins, signed, to be shown as codes. */

import type { Bytes } from '../sync/canonical.ts';
import { refuse, unhex } from './base.ts';
import { type Cbor, type CborMap, isBytes } from './cbor.ts';
import { fields, OWN, seconds, text, UINT32, whole } from './claims.ts';
import { CNF, fromCnf, toCnf } from './cnf.ts';
import { type CheckIn, type Columns, fromColumns, toColumns } from './columns.ts';
import { deviceKid, deviceOf, uuid } from './desk.ts';
import { deviceId, importKey, type Jwk, type Sign, thumbprint } from './keys.ts';
import { build, KID, parse, verify } from './sign1.ts';

const IAT = 6;
const [UNIT, N, AT, REST, SUBJECT, FLAGS, MAX, PLACE, UNDONE] = [1, 2, 3, 4, 5, 6, 7, 8, 9] as const;
const UUID = 16;

/** Check-ins of one unit, own ones and heard ones, and the ids of those that were undone. `iat` is seconds. */
export interface Shared {
  readonly unit: string;
  readonly iat: number;
  readonly checkIns: readonly CheckIn[];
  readonly undone: readonly string[];
}

/** Return the signed bytes of what is shared; `sign` signs with the device's key, whose public half is `jwk`. */
export async function shareCheckIns(shared: Shared, jwk: Jwk, sign: Sign): Promise<Bytes> {
  const device = deviceId(await thumbprint(jwk));
  const { n, at, rest, subject, flags, max, place } = toColumns(shared.checkIns);
  const own = new Map<number, Cbor>([
    [UNIT, shared.unit],
    [N, n],
    [AT, at],
    [REST, rest],
    [SUBJECT, subject],
    [FLAGS, flags],
    [MAX, max],
    [PLACE, place],
    [UNDONE, unhex(shared.undone.join('').replaceAll('-', ''))],
  ]);
  const claims = new Map<number, Cbor>([
    [IAT, shared.iat],
    [CNF, toCnf(jwk)],
    [OWN, own],
  ]);
  return build(new Map([[KID, deviceKid(device)]]), claims, sign);
}

/** Whom a phone believes: the guards of its own unit, and what happened at its unit's places. */
export interface Believed {
  readonly unit: string;
  readonly guards: ReadonlySet<string>;
  readonly places: ReadonlySet<number>;
}

/**
 * Read and verify what another phone shared. Throws `CodeError`: `unknown_issuer` when no guard of the unit signed,
 * `forged` when the signature does not fit, `other_place` for check-ins of elsewhere, and what `parse` throws.
 */
export async function openShared(data: Bytes, believed: Believed): Promise<Shared & { readonly device: string }> {
  const message = parse(data);
  const device = deviceOf(message);
  const jwk = fromCnf(fields(message.claims, [IAT, CNF, OWN]).get(CNF));
  if (!believed.guards.has(device) || deviceId(await thumbprint(jwk)) !== device)
    refuse('unknown_issuer', `expected the key of one of the unit's guards, got ${device}`);
  if (!(await verify(message, await importKey(jwk)))) refuse('forged', 'expected a signature of that key');
  const shared = read(message.claims);
  if (shared.unit !== believed.unit || !shared.checkIns.every(({ place }) => believed.places.has(place)))
    refuse('other_place', `expected check-ins of ${believed.unit}, got ${shared.unit}`);
  return { ...shared, device };
}

function read(claims: CborMap): Shared {
  const own = fields(claims.get(OWN), [UNIT, N, AT, REST, SUBJECT, FLAGS, MAX, PLACE, UNDONE]);
  const column = (key: number): Bytes => {
    const value = own.get(key);
    return isBytes(value) ? value : refuse('malformed', 'expected a column of bytes');
  };
  const columns: Columns = {
    n: whole(own.get(N), UINT32),
    at: column(AT),
    rest: column(REST),
    subject: column(SUBJECT),
    flags: column(FLAGS),
    max: column(MAX),
    place: column(PLACE),
  };
  return {
    unit: text(own.get(UNIT), 64),
    iat: seconds(claims.get(IAT)),
    checkIns: fromColumns(columns),
    undone: uuids(column(UNDONE)),
  };
}

function uuids(data: Bytes): string[] {
  if (data.length % UUID !== 0) refuse('malformed', 'expected 16 bytes for each id');
  const starts = Array.from({ length: data.length / UUID }, (_, index) => index * UUID);
  return starts.map((start) => uuid(data.subarray(start, start + UUID)));
}
