/** Which invitations still say what a meeting was before it was changed. */
import { decodeOnly } from '../../codes/base.ts';
import { readInvitation } from '../../codes/invitation.ts';
import type { Invitation as Code } from '../../codes/invitation.ts';
import { parse } from '../../codes/sign1.ts';
import type { Invitation } from './invitation-model.ts';
import type { Meeting } from './meeting-model.ts';

/** Return the invitations whose code or letter does not fit the meeting as it is now. */
export function outdated(roster: readonly Invitation[], meeting: Meeting): Invitation[] {
  return roster.filter(
    ({ standing, code, letters }) =>
      standing !== 'cancelled' && code !== null && !(codeFits(code, meeting) && lettersFit(letters, meeting)),
  );
}

function codeFits(text: string, { place, gates, starts, ends, opens, entries }: Meeting): boolean {
  const code = claimsOf(text);
  return (
    code !== null &&
    code.place === place &&
    code.gates === gates.reduce((mask, bit) => mask | (1 << bit), 0) &&
    code.nbf === Math.max(0, Math.floor((starts - opens * 60_000) / 1000)) &&
    code.exp === Math.floor(ends / 1000) &&
    code.entries === entries
  );
}

function lettersFit(letters: Invitation['letters'], { title, host, room }: Meeting): boolean {
  const last = letters.at(-1)?.about;
  return last === undefined || (last.title === title && last.host === host && last.room === room);
}

const KEPT = 5_000;
const read = new Map<string, Code | null>();

/** Codes never change, and a roster is looked at whenever anything arrives. */
function claimsOf(text: string): Code | null {
  const known = read.get(text);
  if (known !== undefined) return known;
  if (read.size >= KEPT) read.clear();
  const code = parsed(text);
  read.set(text, code);
  return code;
}

function parsed(text: string): Code | null {
  try {
    return readInvitation(parse(decodeOnly('MCI1:', text)));
  } catch {
    return null; // of a newer form than this version of the app knows; issuing it anew does no harm
  }
}
