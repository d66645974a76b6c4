/** Invitations as officers see them: put together from what was written, issued, mailed and seen at gates. */
import type { RecordView } from '../../data/records.ts';
import { isObject } from '../../sync/canonical.ts';
import type { Value } from '../../sync/canonical.ts';
import type { Language } from '../../text/index.ts';
import { plain } from './plain.ts';

type Fields = Readonly<Record<string, Value>>;

/** A letter to one guest; one that a newer letter overtook while it waited is left out. Times are ms. */
export interface Letter {
  sort: 'invite' | 'update' | 'cancel';
  state: 'queued' | 'sent' | 'failed';
  to: string;
  attempts: number;
  sentAt: number | null;
  nextAt: number | null;
  /** What the mail server said when it failed. */
  error: string | null;
  /** What it says of the meeting, besides what the code says. */
  about: About;
}

export interface About {
  title: string;
  host: string;
  room: string;
}

/** What the check-ins say of one guest. */
export interface Arrival {
  /** The first entry, in ms. */
  at: number;
  inside: boolean;
  entries: number;
  conflict: boolean;
}

/** Where an invitation stands; the last one that holds is the one that an officer wants to know. */
export type Standing =
  | 'saved'
  | 'making'
  | 'made'
  | 'mailing'
  | 'mailed'
  | 'mail_failed'
  | 'claimed'
  | 'arrived'
  | 'cancelled';

export interface Invitation {
  id: string;
  meeting: string;
  name: string;
  email: string | null;
  language: Language;
  /** The text of the code that is valid now; null before there is one. */
  code: string | null;
  cti: string | null;
  /** Which issue it is, from 1. */
  version: number;
  issuedAt: number | null;
  /** The guest has taken it into the app. */
  claimed: boolean;
  standing: Standing;
  /** When it came to stand so, in ms. */
  at: number | null;
  /** The newest last. */
  letters: readonly Letter[];
  arrival: Arrival | null;
}

export interface Sources {
  invitations: readonly RecordView[];
  codes: readonly RecordView[];
  mails: readonly RecordView[];
  /** By the code's id (`cti`). */
  arrivals: ReadonlyMap<string, Arrival>;
}

/** Return the invitations of each meeting by the meeting's id, in the order of the guests' given names. */
export function rosters({ invitations, codes, mails, arrivals }: Sources): Map<string, Invitation[]> {
  const issued = new Map(codes.map(({ id, values }) => [id, values]));
  const letters = lettersOf(mails);
  const all = new Map<string, Invitation[]>();
  for (const { id, values, unsent } of invitations) {
    const written = values.invitation;
    if (written === undefined || !isObject(written) || typeof written.meeting !== 'string') continue;
    const invitation = invitationOf({
      id, written, unsent, issued: issued.get(id) ?? null, letters: letters.get(id) ?? [], arrivals,
    });
    const roster = all.get(invitation.meeting) ?? [];
    roster.push(invitation);
    all.set(invitation.meeting, roster);
  }
  for (const roster of all.values()) inOrder(roster);
  return all;
}

interface Parts {
  id: string;
  written: Fields;
  unsent: boolean;
  issued: Fields | null;
  letters: readonly Letter[];
  arrivals: ReadonlyMap<string, Arrival>;
}

function invitationOf({ id, written, unsent, issued, letters, arrivals }: Parts): Invitation {
  const cti = stringOf(issued?.cti);
  const arrival = cti === null ? null : (arrivals.get(cti) ?? null);
  const email = stringOf(written.email);
  return {
    id,
    meeting: stringOf(written.meeting) ?? '',
    name: stringOf(written.name) ?? '',
    email,
    language: written.language === 'en' ? 'en' : 'vi',
    code: stringOf(issued?.code),
    cti,
    version: numberOf(issued?.version) ?? 0,
    issuedAt: numberOf(issued?.issued_at),
    claimed: issued?.status === 'claimed',
    ...standingOf({ issued, unsent, email, letter: letters.at(-1) ?? null, arrival }),
    letters,
    arrival,
  };
}

interface Facts {
  issued: Fields | null;
  unsent: boolean;
  email: string | null;
  letter: Letter | null;
  arrival: Arrival | null;
}

function standingOf({ issued, unsent, email, letter, arrival }: Facts): Pick<Invitation, 'standing' | 'at'> {
  if (issued === null) return { standing: unsent ? 'saved' : 'making', at: null };
  if (issued.status === 'cancelled') return { standing: 'cancelled', at: numberOf(issued.cancelled_at) };
  if (arrival !== null) return { standing: 'arrived', at: arrival.at };
  if (issued.status === 'claimed') return { standing: 'claimed', at: numberOf(issued.claimed_at) };
  if (email === null) return { standing: 'made', at: numberOf(issued.issued_at) };
  if (letter?.state === 'sent') return { standing: 'mailed', at: letter.sentAt };
  return letter?.state === 'failed' ? { standing: 'mail_failed', at: null } : { standing: 'mailing', at: null };
}

/** Letters by invitation, in the order in which they were queued: `<invitation>-<version>`, then `...r<n>`. */
function lettersOf(mails: readonly RecordView[]): Map<string, Letter[]> {
  const placed = mails.flatMap(({ id, values }) => {
    const letter = letterOf(values);
    const [, version = '0', again = '0'] = /-(\d+)(?:r(\d+))?$/.exec(id) ?? [];
    const invitation = stringOf(values.invitation);
    return letter === null || invitation === null
      ? []
      : [{ invitation, letter, version: Number(version), again: Number(again) }];
  });
  placed.sort((a, b) => a.version - b.version || a.again - b.again);
  const letters = new Map<string, Letter[]>();
  for (const { invitation, letter } of placed) letters.set(invitation, [...(letters.get(invitation) ?? []), letter]);
  return letters;
}

function letterOf(values: Fields): Letter | null {
  const { sort, state } = values;
  if (sort !== 'invite' && sort !== 'update' && sort !== 'cancel') return null;
  if (state !== 'queued' && state !== 'sent' && state !== 'failed') return null;
  return {
    sort,
    state,
    to: stringOf(values.to) ?? '',
    attempts: numberOf(values.attempts) ?? 0,
    sentAt: numberOf(values.sent_at),
    nextAt: numberOf(values.next_at),
    error: stringOf(values.error),
    about: aboutOf(values.content),
  };
}

function aboutOf(content: Value | undefined): About {
  const { title, host, room } = content !== undefined && isObject(content) ? content : {};
  return { title: stringOf(title) ?? '', host: stringOf(host) ?? '', room: stringOf(room) ?? '' };
}

export interface Counts {
  /** Without those who were cancelled. */
  invited: number;
  claimed: number;
  arrived: number;
  /** The letters that could not be sent, each the last one to its guest. */
  failed: number;
}

export function countsOf(roster: readonly Invitation[]): Counts {
  const valid = roster.filter(({ standing }) => standing !== 'cancelled');
  return {
    invited: valid.length,
    claimed: valid.filter(({ claimed }) => claimed).length,
    arrived: valid.filter(({ arrival }) => arrival !== null).length,
    failed: failedOf(roster).length,
  };
}

/** Return the invitations whose last letter could not be sent. */
export function failedOf(roster: readonly Invitation[]): Invitation[] {
  return roster.filter(({ standing, letters }) => standing !== 'cancelled' && letters.at(-1)?.state === 'failed');
}

/** Return those whose name or address holds every word of `query`, with or without diacritics. */
export function search(roster: readonly Invitation[], query: string): readonly Invitation[] {
  const words = plain(query).split(' ').filter((word) => word !== '');
  if (words.length === 0) return roster;
  return roster.filter(({ name, email }) => {
    const text = `${plain(name)} ${plain(email ?? '')}`;
    return words.every((word) => text.includes(word));
  });
}

const collator = new Intl.Collator('vi');

/** Lists here go by the given name, which stands last, then by the rest. */
function inOrder(roster: Invitation[]): void {
  const keys = new Map(roster.map((each) => [each, each.name.slice(each.name.lastIndexOf(' ') + 1)]));
  const given = (each: Invitation) => keys.get(each) ?? '';
  roster.sort(
    (a, b) =>
      collator.compare(given(a), given(b)) || collator.compare(a.name, b.name) || (a.id < b.id ? -1 : 1),
  );
}

function stringOf(value: Value | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

function numberOf(value: Value | undefined): number | null {
  return typeof value === 'number' ? value : null;
}
