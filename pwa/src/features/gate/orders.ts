/** What officers have done to invitations that are out: the server carries it out, now or when there is a network. */
import { changeAll, newId } from '../../data/records.ts';
import type { Meeting } from './meeting-model.ts';

export type Deed = 'reissue' | 'cancel' | 'resend';

/** As many as the server takes in one order. */
const NAMED = 500;

/** Order it for these invitations of a meeting; null is for all of them. */
export async function order(meeting: Pick<Meeting, 'id' | 'unit'>, deed: Deed, ids: readonly string[] | null) {
  const groups = ids === null ? [null] : Array.from({ length: Math.ceil(ids.length / NAMED) }, (_, index) =>
    ids.slice(index * NAMED, (index + 1) * NAMED),
  );
  await changeAll(groups.map((invitations) => orderRecord(meeting, deed, invitations)));
}

/** Call a meeting off: its guests are told, and no code of it admits any more. */
export async function callOff(meeting: Pick<Meeting, 'id' | 'unit'>): Promise<void> {
  const off = { kind: 'meeting', id: meeting.id, values: { cancelled: true } };
  await changeAll([off, orderRecord(meeting, 'cancel', null)]);
}

function orderRecord({ id, unit }: Pick<Meeting, 'id' | 'unit'>, deed: Deed, invitations: readonly string[] | null) {
  const invitation_order = { unit, meeting: id, invitations, do: deed };
  return { kind: 'invitation_order', id: newId(), values: { invitation_order } };
}
