/** The shared cases of `codes.json` and `card.json`, to be played in Node and in browsers. */

import { CodeError, decodeText, encodeText, hex, type Prefix, unhex } from '../base.ts';
import { decodeMap } from '../cbor.ts';
import { type Card, parseCard } from '../cccd.ts';
import { type Challenge, challengeText, parseChallenge } from '../challenge.ts';
import { CREDENTIAL, readCredential } from '../credential.ts';
import { type Desk, deskText, parseDesk } from '../desk.ts';
import { readInvitation } from '../invitation.ts';
import { importKey, type Jwk } from '../keys.ts';
import { presentationId, presentationText, readPresentation } from '../presentation.ts';
import { build, issuerKid, parse, type Sign1, verify } from '../sign1.ts';

/** What `play` gives must equal `expected`. */
export interface Case {
  readonly name: string;
  readonly play: () => unknown;
  readonly expected: unknown;
}

interface Message<Fields> {
  name?: string;
  key: string;
  text: string;
  hex: string;
  signing_input: string;
  payload: string;
  signature: string;
  fields: Fields;
}

export interface CodesFile {
  keys: Record<string, Jwk>;
  texts: { prefix: Prefix; hex: string; text: string }[];
  bad_texts: { name: string; text: string; reason: string }[];
  bad_messages: { name: string; hex: string; reason: string }[];
  invitations: Message<unknown>[];
  credentials: Message<unknown>[];
  presentations: (Message<unknown> & { id: string })[];
  desks: Message<Desk>[];
  challenges: (Challenge & { text: string })[];
}

export interface CardFile {
  cards: { name: string; text: string; card: Card }[];
  not_cards: { name: string; text: string }[];
}

const PROFILES = ['', 'gate', 'age', 'full'];

export function codeCases(file: CodesFile): Case[] {
  const messages = [...file.invitations, ...file.credentials, ...file.presentations, ...file.desks];
  return [
    ...file.texts.map(({ text, prefix, hex: data }) => ({
      name: `writes ${text} and reads it`,
      play: () => [encodeText(prefix, unhex(data)), decodeText(text).prefix, hex(decodeText(text).data)],
      expected: [text, prefix, data],
    })),
    ...file.bad_texts.map(({ name, text, reason }) => refused(name, () => decodeText(text), reason)),
    ...file.bad_messages.map(({ name, hex: data, reason }) => refused(name, () => parse(unhex(data)), reason)),
    ...messages.map((each) => message(each, file.keys)),
    ...file.invitations.map((each) => read(each, (found) => ({ kid: kid(found, null), ...readInvitation(found) }))),
    ...file.credentials.map((each) => read(each, credentialFields)),
    ...file.presentations.map((each) => read(each, presentationFields)),
    ...file.presentations.map((each) => ({
      name: `makes a presentation: ${each.name ?? ''}`,
      play: async () => {
        const found = parse(unhex(each.hex));
        return [await presentationText(readPresentation(found), signing(each)), await presentationId(found)];
      },
      expected: [each.text, each.id],
    })),
    ...file.desks.map((each) => ({
      name: 'makes a desk code and reads it',
      play: async () => [await deskText(each.fields, signing(each)), parseDesk(each.text).desk],
      expected: [each.text, each.fields],
    })),
    ...file.challenges.map(({ text, place, nonce }) => ({
      name: 'makes a challenge and reads it',
      play: () => [challengeText({ place, nonce }), parseChallenge(text)],
      expected: [text, { place, nonce }],
    })),
  ];
}

export function cardCases({ cards, not_cards: others }: CardFile): Case[] {
  return [
    ...cards.map(({ name, text, card }) => ({ name: `a card ${name}`, play: () => parseCard(text), expected: card })),
    ...others.map(({ name, text }) => refused(name, () => parseCard(text), 'not_a_code')),
  ];
}

/** Return the reason for which `act` is refused, or null. */
export async function reasonOf(act: () => unknown): Promise<string | null> {
  try {
    await act();
  } catch (error) {
    if (error instanceof CodeError) return error.reason;
    throw error;
  }
  return null;
}

function refused(name: string, act: () => unknown, reason: string): Case {
  return { name: `refuses ${name}`, play: () => reasonOf(act), expected: reason };
}

/** A message's signature holds, and the same parts make the same bytes. */
function message(each: Message<unknown>, keys: Record<string, Jwk>): Case {
  return {
    name: `verifies what ${each.key} signed, and builds it: ${each.name ?? 'desk code'}`,
    play: async () => {
      const found = parse(unhex(each.hex));
      const key = keys[each.key];
      return {
        signing_input: hex(found.signingInput),
        payload: hex(found.payload),
        verified: key !== undefined && (await verify(found, await importKey(key))),
        built: hex(await build(found.protected, decodeMap(found.payload), signing(each))),
      };
    },
    expected: { signing_input: each.signing_input, payload: each.payload, verified: true, built: each.hex },
  };
}

function read(each: Message<unknown>, fields: (found: Sign1) => unknown): Case {
  return { name: `reads ${each.name ?? ''}`, play: () => fields(parse(unhex(each.hex))), expected: each.fields };
}

function credentialFields(found: Sign1): unknown {
  const { profile, ...fields } = readCredential(found);
  return { kid: kid(found, CREDENTIAL), ...fields, profile: PROFILES.indexOf(profile) };
}

function presentationFields(found: Sign1): unknown {
  const { issuer, ...fields } = readPresentation(found);
  return { issuer: hex(issuer), ...fields };
}

function kid(found: Sign1, typ: number | null): string {
  return hex(issuerKid(found, typ));
}

/** Signs as the case did, and nothing else. */
function signing({ signing_input: input, signature }: Message<unknown>) {
  return (data: Uint8Array) => Promise.resolve(hex(data) === input ? unhex(signature) : new Uint8Array(64));
}
