/** The shared cases of `verdict.json` and `presence.json`, to be played in Node and in browsers. */

import type { Case } from '../../../codes/testing/cases.ts';
import { type OpenPack, openPack } from '../packs.ts';
import { type CheckIns, type Event, index } from '../presence.ts';
import { type Gate, type Scene, verdict } from '../verdict.ts';

/** Events as Python has them: what is absent is left out. */
type EventJson = Partial<Event> & { way: Event['way'] };

export interface VerdictCase {
  name: string;
  code: string;
  pack: string;
  checkins: EventJson[];
  gate: Gate;
  time: [number, number];
  expect: { word: string; reason: string; next: string; facts: Record<string, unknown> };
}

export interface VerdictFile {
  outcomes: Record<string, { word: string; next: string }>;
  packs: Record<string, { root: string; trust: string; lists: string[] } | null>;
  cases: VerdictCase[];
}

interface PresenceCase {
  name?: string;
  events: EventJson[];
  expect: { subjects: Record<string, unknown>; shown: string[] };
}

export interface PresenceFile {
  cases: PresenceCase[];
  random: PresenceCase[];
}

/** Node lets bytes follow a zlib stream, against the standard (Compression Streams 5.2); no browser does. */
export const ONLY_IN_BROWSERS = 'list_missing: pack with a list and more';

type Packs = ReadonlyMap<string, OpenPack | null>;

export async function packsOf({ packs }: VerdictFile): Promise<Packs> {
  const opened = Object.entries(packs).map(async ([name, pack]) => {
    return [name, pack === null ? null : await openPack(pack.trust, pack.root, pack.lists)] as const;
  });
  return new Map(await Promise.all(opened));
}

/** Return where and when the code of a case is judged. */
export function sceneOf({ pack, checkins, gate, time: [low, high] }: VerdictCase, packs: Packs): Scene {
  return { pack: packs.get(pack) ?? null, checkIns: setOf(checkins), gate, time: { low, high } };
}

/** The facts are compared as far as they are expected. */
export function verdictCases(file: VerdictFile, packs: Packs): Case[] {
  return file.cases.map((each) => ({
    name: each.name,
    play: async () => {
      const { facts, ...answer } = await verdict(each.code, sceneOf(each, packs));
      return { ...answer, facts: part(facts, each.expect.facts) };
    },
    expected: each.expect,
  }));
}

export function presenceCases({ cases, random }: PresenceFile): Case[] {
  return [...cases, ...random].map(({ name, events, expect }) => ({
    name: name ?? 'a set by chance',
    play: () => {
      const checkIns = setOf(events);
      const shown = events.flatMap((event) => (event.way !== 'undo' && event.shown != null ? [event.shown] : []));
      return {
        subjects: Object.fromEntries(checkIns.subjects().map((subject) => [subject, presenceOf(checkIns, subject)])),
        shown: [...new Set(shown)].filter((id) => checkIns.wasShown(id)).sort(),
      };
    },
    expected: expect,
  }));
}

function setOf(events: readonly EventJson[]): CheckIns {
  return index(events.map((event) => ({ max: 0, override: false, ...event }) as Event));
}

function presenceOf(checkIns: CheckIns, subject: string): unknown {
  const { inside, entries, first, conflicts } = checkIns.of(subject);
  return { inside, entries, first: first?.id ?? null, conflicts };
}

/** The members of `whole` that `wanted` names, all the way down. */
function part(whole: unknown, wanted: unknown): unknown {
  if (!isObject(whole) || !isObject(wanted)) return whole;
  return Object.fromEntries(Object.keys(wanted).map((name) => [name, part(whole[name], wanted[name])]));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
