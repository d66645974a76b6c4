import { changeAll, newId } from '../../data/records.ts';
import type { Language } from '../../text/index.ts';
import type { Guest } from './list-model.ts';
import type { Meeting } from './meeting-model.ts';

/** What it takes to tell who is new to a meeting. */
export interface Judging {
  /** For whom no language is named. */
  language: Language;
  invited: readonly { name: string; email: string | null }[];
  /** How many more the meeting takes. */
  room: number;
}

/** Invites guests; `done` hears how many of them are on the phone by now. */
export type Send = (guests: readonly Guest[], done: (written: number) => void) => Promise<void>;

/** How many invitations the server takes for a meeting, cancelled ones among them. */
export const MOST_GUESTS = 1_000;
/** So many are written in one go. */
const CHUNK = 250;

/** Write the invitations of these guests, chunk by chunk: what is written stays, whatever becomes of the rest. */
export async function invite({ id, unit }: Meeting, ...[guests, done]: Parameters<Send>): Promise<void> {
  for (let from = 0; from < guests.length; from += CHUNK) {
    const chunk = guests.slice(from, from + CHUNK);
    await changeAll(
      chunk.map(({ name, email, language }) => {
        const invitation = { unit, meeting: id, name, email, language };
        return { kind: 'invitation', id: newId(), values: { invitation } };
      }),
    );
    done(from + chunk.length);
  }
}
