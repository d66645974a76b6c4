/** Judging a list of people to invite: every row is either good, or bad for reasons that are named. */
import type { Language } from '../../text/index.ts';
import { addressed, languageOf } from './list-rows.ts';
import type { Columns, Row, Table } from './list-rows.ts';

/** What the server takes, in characters. */
export const NAME_LENGTH = 100;
const EMAIL_LENGTH = 254;
const LOCAL_LENGTH = 64;

/** Someone to invite. */
export interface Guest {
  name: string;
  email: string | null;
  language: Language;
}

export interface Good extends Guest {
  line: number;
}

/** What is wrong with a row; `found` is what stands there, `line` the row that it collides with. */
export type Fault =
  | { code: 'quotes' | 'name_missing' | 'name_long' | 'invited' | 'address_invited' | 'too_many' }
  | { code: 'name_odd' | 'name_lost' | 'email_wrong' | 'language_unknown'; found: string }
  | { code: 'twice' | 'address_shared'; line: number };

export interface Bad {
  line: number;
  cells: readonly string[];
  faults: readonly Fault[];
}

export interface Judged {
  good: readonly Good[];
  bad: readonly Bad[];
}

interface Judging {
  /** For rows that name no language. */
  language: Language;
  /** Who has an invitation to this meeting already. */
  invited: readonly { name: string; email: string | null }[];
  /** How many more the meeting takes. */
  room: number;
}

/** Judge each row of a table that has anything in it. */
export function judge({ rows, columns }: Table, { language, invited, room }: Judging): Judged {
  const good: Good[] = [];
  const bad: Bad[] = [];
  const people = new Map<string, number | null>(invited.map((guest) => [personKey(guest), null]));
  const addresses = new Map<string, number | null>();
  for (const { email } of invited) if (email !== null) addresses.set(email.toLowerCase(), null);
  for (const row of rows) {
    if (row.cells.every((cell) => cell.trim() === '')) continue;
    const { guest, faults } = readRow(row, columns, language);
    const collision = faults.length > 0 ? null : collided(guest, people, addresses);
    const all = collision === null ? faults : [collision];
    if (all.length === 0 && good.length >= room) all.push({ code: 'too_many' });
    if (all.length > 0) {
      bad.push({ line: row.line, cells: row.cells, faults: all });
      continue;
    }
    good.push({ line: row.line, ...guest });
    people.set(personKey(guest), row.line);
    if (guest.email !== null) addresses.set(guest.email.toLowerCase(), row.line);
  }
  return { good, bad };
}

/** Judge one person who is typed in. Two people may share an address here: the officer sees what they do. */
export function judgeOne(
  typed: { name: string; email: string },
  { language, invited, room }: Judging,
): Guest | Fault[] {
  const cells = [typed.name, typed.email];
  const columns: Columns = { name: [0], email: 1, language: null };
  const { guest, faults } = readRow({ line: 1, cells, quotes: false }, columns, language);
  if (faults.length > 0) return faults;
  if (room < 1) return [{ code: 'too_many' }];
  return invited.some((each) => personKey(each) === personKey(guest)) ? [{ code: 'invited' }] : guest;
}

/** Return an address as it is kept, or null for one that no letter can be sent to (RFC 5321 4.1.2, no quotes). */
export function emailOf(typed: string): string | null {
  const bare = visible(typed).replace(/^mailto:/i, '').replace(/^<(.*)>$/, '$1').replace(/[;,.]+$/, '');
  const [local = '', domain = '', ...more] = bare.split('@');
  const fits =
    more.length === 0 &&
    bare.length <= EMAIL_LENGTH &&
    local.length <= LOCAL_LENGTH &&
    /^[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*$/.test(local) &&
    /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$/i.test(domain);
  return fits ? `${local}@${domain.toLowerCase()}` : null;
}

/** The same person for a list: same name, whatever its capitals and marks, and same address or none. */
export function personKey({ name, email }: { name: string; email: string | null }): string {
  return `${name.normalize('NFC').toLowerCase()} ${email?.toLowerCase() ?? ''}`;
}

function readRow(row: Row, columns: Columns, usual: Language): { guest: Guest; faults: Fault[] } {
  const at = (column: number | null) => (column === null ? '' : visible(row.cells[column] ?? ''));
  const parts = columns.name.map((column) => at(column));
  const apart = at(columns.email) === '' ? addressed(parts.join(' ')) : null;
  const [name, address] = apart ?? [parts.filter((part) => part !== '').join(' '), at(columns.email)];
  const said = at(columns.language);
  const email = address === '' ? null : emailOf(address);
  const faults: Fault[] = [
    ...(row.quotes ? [{ code: 'quotes' } as const] : nameFaults(name)),
    ...(address !== '' && email === null ? [{ code: 'email_wrong', found: address } as const] : []),
    ...(said !== '' && languageOf(said) === null ? [{ code: 'language_unknown', found: said } as const] : []),
  ];
  return { guest: { name, email, language: languageOf(said) ?? usual }, faults };
}

function nameFaults(name: string): Fault[] {
  if (name === '') return [{ code: 'name_missing' }];
  // A program that can't write Vietnamese leaves a question mark in place of the letter.
  if (/[?\ufffd]/.test(name)) return [{ code: 'name_lost', found: name }];
  if (!/\p{L}/u.test(name) || /[\p{C}<>@"]|\p{M}{5}/u.test(name)) return [{ code: 'name_odd', found: name }];
  return Array.from(name).length > NAME_LENGTH ? [{ code: 'name_long' }] : [];
}

/** By what is known of others: the row where they stand, or null for those who have an invitation already. */
type Known = ReadonlyMap<string, number | null>;

function collided(guest: Guest, people: Known, addresses: Known): Fault | null {
  const line = people.get(personKey(guest));
  if (line !== undefined) return line === null ? { code: 'invited' } : { code: 'twice', line };
  const shared = guest.email === null ? undefined : addresses.get(guest.email.toLowerCase());
  if (shared === undefined) return null;
  return shared === null ? { code: 'address_invited' } : { code: 'address_shared', line: shared };
}

/** Normal form C, one space between words, nothing that can't be seen. */
function visible(text: string): string {
  return text.normalize('NFC').replace(/[\u00ad\p{Cf}]/gu, '').replace(/\s+/gu, ' ').trim();
}
