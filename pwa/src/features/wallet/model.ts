/** What the wallet holds, read from the records on this phone. No DOM, no clock. */
import { CodeError, decodeOnly } from '../../codes/base.ts';
import { readCredential } from '../../codes/credential.ts';
import { readInvitation } from '../../codes/invitation.ts';
import type { Invitation } from '../../codes/invitation.ts';
import { parse, TYP } from '../../codes/sign1.ts';
import type { RecordView } from '../../data/records.ts';
import { unbase64url } from '../../sync/batch.ts';
import type { Bytes } from '../../sync/canonical.ts';
import { isObject } from '../../sync/canonical.ts';
import type { Value } from '../../sync/canonical.ts';
import type { Key } from '../../text/index.ts';

export type Profile = 'invitation' | 'gate' | 'age' | 'full';

/** What an invitation is to, as the unit wrote it when it issued the code. Times are ms since 1970. */
export interface About {
  title: string;
  starts: number;
  ends: number;
  host: string;
  room: string;
}

/** A credential of this person: `id` is the thumbprint of its holder key; times are ms since 1970. */
export interface Held {
  id: string;
  profile: Profile;
  /** What the unit signed: the issuer part of every presentation. */
  issuer: Bytes;
  /** Of the holder key (JWK). */
  x: string;
  name: string | null;
  /** When an invitation begins to admit, and where; null for an identity. */
  from: number | null;
  place: number | null;
  issued: number;
  expires: number;
  /** It can be shown from this phone: the holder key lies here. */
  here: boolean;
  invitation: string | null;
  about: About | null;
}

const IDENTITY = ['gate', 'age', 'full'] as const;
const PROFILES: readonly Profile[] = ['invitation', ...IDENTITY];
export type Asking = (typeof IDENTITY)[number];

/** Read the credentials that are valid at `now`, the newest first; `keys` are the holder keys on this phone. */
export function heldOf(views: readonly RecordView[], keys: ReadonlySet<string>, now: number): Held[] {
  return views
    .flatMap(({ id, values }) => {
      const held = read(id, values, keys.has(id));
      return held === null || values.revoked_at !== undefined || held.expires <= now ? [] : [held];
    })
    .sort((a, b) => b.issued - a.issued);
}

function read(id: string, values: Record<string, Value>, here: boolean): Held | null {
  const { profile, cose, issued_at: issued, invitation, about } = values;
  const known = PROFILES.find((each) => each === profile);
  if (known === undefined || typeof cose !== 'string') return null;
  const issuer = unbase64url(cose);
  const said = known === 'invitation' ? readInvitation(parse(issuer)) : readCredential(parse(issuer));
  return {
    id,
    profile: known,
    issuer,
    x: said.holder?.x ?? '',
    name: said.name,
    from: 'nbf' in said ? said.nbf * 1000 : null,
    place: 'place' in said ? said.place : null,
    issued: typeof issued === 'number' ? issued : 0,
    expires: said.exp * 1000,
    here,
    invitation: typeof invitation === 'string' ? invitation : null,
    about: about === undefined ? null : aboutOf(about),
  };
}

/** Read the invitation in a code's text, or return null when it is none; whether it is genuine shows at the gate. */
export function invitationIn(code: string): Invitation | null {
  try {
    return readInvitation(parse(decodeOnly('MCI1:', code)));
  } catch (error) {
    if (error instanceof CodeError) return null;
    throw error;
  }
}

function aboutOf(value: Value): About | null {
  if (!isObject(value)) return null;
  const { title, starts, ends, host, room } = value;
  if (typeof title !== 'string' || typeof starts !== 'number' || typeof ends !== 'number') return null;
  const text = (each: Value | undefined) => (typeof each === 'string' ? each : '');
  return { title, starts, ends, host: text(host), room: text(room) };
}

/** Return the one credential of each identity profile that this phone shows: its own, and the newest. */
export function identityOf(held: readonly Held[]): Held[] {
  return IDENTITY.flatMap((profile) => {
    const newest = held.find((each) => each.profile === profile && each.here);
    return newest === undefined ? [] : [newest];
  });
}

/** An invitation that was taken in and that the unit has not answered yet, or could not. */
export interface Claimed {
  id: string;
  code: string;
  said: Invitation;
  /** The problem's code when it failed. */
  problem: string | null;
}

type Refusal = Readonly<{ kind: string; record: string; values: Record<string, Value>; code: string }>;

/** Read the claims that no credential answers, the newest first; those that were refused say why. */
export function openClaims(
  claims: readonly RecordView[],
  credentials: readonly RecordView[],
  refused: readonly Refusal[],
): Claimed[] {
  const answered = new Set(credentials.flatMap(({ values }) => holderX(values.cose)));
  const given = refused.filter(({ kind }) => kind === 'claim');
  return [
    ...claims.map(({ id, values }) => ({ id, value: values.claim, problem: null })),
    ...given.map(({ record, values, code }) => ({ id: record, value: values.claim, problem: code })),
  ]
    .flatMap(({ id, value, problem }) => {
      const { code, jwk } = membersOf(value);
      const said = typeof code === 'string' ? invitationIn(code) : null;
      if (said === null || typeof code !== 'string' || answered.has(xOf(jwk))) return [];
      return [{ id, code, said, problem }];
    })
    .sort((a, b) => (a.id < b.id ? 1 : -1));
}

function holderX(cose: Value | undefined): string[] {
  const said = typeof cose === 'string' ? parse(unbase64url(cose)) : null;
  if (said === null || said.protected.has(TYP)) return [];
  return [readInvitation(said).holder?.x ?? ''];
}

/** The x of a public key (JWK), or nothing where there is none. */
function xOf(jwk: Value | undefined): string {
  const { x } = membersOf(jwk);
  return typeof x === 'string' ? x : '';
}

function membersOf(value: Value | undefined): Record<string, Value | undefined> {
  return value !== undefined && isObject(value) ? value : {};
}

/** Who the person is to the offices: nobody yet, what their card says, or what an officer has checked. */
export type Identity =
  | { level: 0 }
  | { level: 1; name: string }
  | { level: 2; name: string; photo: string | null; verifiedAt: number; withdrawnAt: number | null };

export function identityLevel(profile: RecordView | undefined, identity: RecordView | undefined): Identity {
  const checked = identity?.values;
  if (checked !== undefined && typeof checked.name === 'string' && typeof checked.verified_at === 'number') {
    const { name, photo, verified_at: verifiedAt, withdrawn_at: withdrawn } = checked;
    return {
      level: 2,
      name,
      photo: typeof photo === 'string' ? photo : null,
      verifiedAt,
      withdrawnAt: typeof withdrawn === 'number' ? withdrawn : null,
    };
  }
  const name = profile?.values['card/name'];
  return typeof name === 'string' ? { level: 1, name } : { level: 0 };
}

const DISCLOSES: Readonly<Record<Profile, readonly Key[]>> = {
  invitation: ['present.discloses.name', 'present.discloses.meeting'],
  gate: ['present.discloses.name', 'present.discloses.photo'],
  age: ['present.discloses.age'],
  full: ['present.discloses.name', 'present.discloses.born', 'present.discloses.photo', 'present.discloses.age'],
};

/** What whoever scans a profile learns, as texts. */
export function discloses(profile: Profile): readonly Key[] {
  return DISCLOSES[profile];
}

/** How long before its end (ms) a credential is asked for anew. */
export const RENEWED_BEFORE = 10 * 86_400_000;

/** A request for an identity credential: `x` is of its holder key. */
export interface Asked {
  profile: string;
  x: string;
}

export function askedOf(holdings: readonly RecordView[]): Asked[] {
  return holdings.map(({ values }) => {
    const { profile, jwk } = membersOf(values.holding);
    return { profile: typeof profile === 'string' ? profile : '', x: xOf(jwk) };
  });
}

/** The identity profiles to ask for now: this phone has none of them, or one that ends soon, and has not asked. */
export function toAskFor(
  held: readonly Held[],
  asked: readonly Asked[],
  keys: ReadonlySet<string>,
  now: number,
): Asking[] {
  return IDENTITY.filter((profile) => {
    const own = held.filter((each) => each.profile === profile && each.here);
    const good = own.some((each) => each.expires - now > RENEWED_BEFORE);
    const answered = new Set(own.map(({ x }) => x));
    return !good && !asked.some((each) => each.profile === profile && keys.has(each.x) && !answered.has(each.x));
  });
}
