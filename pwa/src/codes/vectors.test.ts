import { describe, expect, it } from 'vitest';

import { decodeText, encodeText, hex, type Prefix, unhex } from './base.ts';
import { decodeMap } from './cbor.ts';
import { parseCard } from './cccd.ts';
import { challengeText, parseChallenge } from './challenge.ts';
import { CREDENTIAL, readCredential } from './credential.ts';
import { type Desk, deskText, parseDesk } from './desk.ts';
import { readInvitation } from './invitation.ts';
import { importKey, type Jwk } from './keys.ts';
import { presentationId, presentationText, readPresentation } from './presentation.ts';
import { build, issuerKid, parse, type Sign1, verify } from './sign1.ts';
import { reasonOf, vectors } from './testing/vectors.ts';

interface Bad {
  name: string;
  reason: string;
}

interface Message {
  name: string;
  key: string;
  text: string;
  hex: string;
  signing_input: string;
  payload: string;
  signature: string;
  fields: Record<string, unknown>;
}

interface Codes {
  keys: Record<string, Jwk>;
  texts: { prefix: Prefix; hex: string; text: string }[];
  bad_texts: (Bad & { text: string })[];
  bad_messages: (Bad & { hex: string })[];
  invitations: Message[];
  credentials: Message[];
  presentations: (Message & { id: string })[];
  desks: (Message & { fields: Desk })[];
  challenges: { text: string; place: number; nonce: string }[];
}

interface Cards {
  cards: { name: string; text: string; card: Record<string, string> }[];
  not_cards: { name: string; text: string }[];
}

const codes = vectors('codes') as Codes;
const cards = vectors('card') as Cards;
const PROFILES = ['', 'gate', 'age', 'full'];

describe('codes.json', () => {
  it.each(codes.texts)('writes $text and reads it', ({ prefix, hex: data, text }) => {
    expect(encodeText(prefix, unhex(data))).toBe(text);
    expect(decodeText(text)).toEqual({ prefix, data: unhex(data) });
  });

  it.each(codes.bad_texts)('refuses $name', async ({ text, reason }) => {
    expect(await reasonOf(() => decodeText(text))).toBe(reason);
  });

  it.each(codes.bad_messages)('refuses $name', async ({ hex: data, reason }) => {
    expect(await reasonOf(() => parse(unhex(data)))).toBe(reason);
  });

  it.each(codes.invitations)('reads an invitation $name', async (each) => {
    const message = await opened(each);
    expect(decodeText(each.text)).toEqual({ prefix: 'MCI1:', data: unhex(each.hex) });
    expect({ kid: hex(issuerKid(message, null)), ...readInvitation(message) }).toEqual(each.fields);
  });

  it.each(codes.credentials)('reads a credential of profile $name', async (each) => {
    const message = await opened(each);
    const { profile, ...fields } = readCredential(message);
    const read = { kid: hex(issuerKid(message, CREDENTIAL)), ...fields, profile: PROFILES.indexOf(profile) };
    expect(read).toEqual(each.fields);
  });

  it.each(codes.presentations)('reads a presentation of $name, and makes the same', async (each) => {
    const message = await opened(each);
    const presentation = readPresentation(message);
    expect({ ...presentation, issuer: hex(presentation.issuer) }).toEqual(each.fields);
    expect(await presentationId(message)).toBe(each.id);
    expect(await presentationText(presentation, signing(each))).toBe(each.text);
  });

  it.each(codes.desks)('reads a desk code, and makes the same', async (each) => {
    await opened(each);
    expect(parseDesk(each.text).desk).toEqual(each.fields);
    expect(await deskText(each.fields, signing(each))).toBe(each.text);
  });

  it.each(codes.challenges)('reads a challenge, and makes the same', ({ text, ...challenge }) => {
    expect(parseChallenge(text)).toEqual(challenge);
    expect(challengeText(challenge)).toBe(text);
  });
});

describe('card.json', () => {
  it.each(cards.cards)('reads a card $name', ({ text, card }) => {
    expect(parseCard(text)).toEqual(card);
  });

  it.each(cards.not_cards)('refuses $name', async ({ text }) => {
    expect(await reasonOf(() => parseCard(text))).toBe('not_a_code');
  });
});

/** Read a message, see that its signature holds, and that the same parts make the same bytes. */
async function opened(each: Message): Promise<Sign1> {
  const message = parse(unhex(each.hex));
  expect(hex(message.signingInput)).toBe(each.signing_input);
  expect(hex(message.payload)).toBe(each.payload);
  expect(await verify(message, await importKey(codes.keys[each.key]!))).toBe(true);
  expect(hex(await build(message.protected, decodeMap(message.payload), signing(each)))).toBe(each.hex);
  return message;
}

function signing({ signing_input: input, signature }: Message) {
  return (data: Uint8Array) => {
    expect(hex(data)).toBe(input);
    return Promise.resolve(unhex(signature));
  };
}
