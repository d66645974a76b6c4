/** What this phone knows of its person, from records. */
import { me } from '../../../data/account.ts';
import { record, records } from '../../../data/records.ts';
import type { RecordView } from '../../../data/records.ts';
import { decode, isObject } from '../../../sync/canonical.ts';
import { cityDate } from '../fill/model.ts';
import type { Earlier, Knowledge, Values } from './sources.ts';

/** Return what is known of the person of this phone, and subscribe the screen to it. */
export function knowledge(): Knowledge {
  const person = me.value?.id ?? '';
  return {
    account: me.value?.name ?? '',
    profile: record('profile', person).value?.values,
    identity: record('identity', person).value?.values,
    submissions: signedBy(person, records('submission').value),
  };
}

export interface Signed extends Earlier {
  readonly document: Values;
}

/** Whether neither a card nor a checked identity is known, so that a scan would fill much. */
export function cardUnknown({ profile, identity }: Knowledge): boolean {
  return profile?.['card/number'] === undefined && identity?.number === undefined;
}

/** Return what a person signed to submit a form, the newest first. */
export function signedBy(person: string, submissions: readonly RecordView[]): Signed[] {
  return submissions
    .flatMap((view) => signed(documentOf(view), person) ?? [])
    .sort((a, b) => b.at - a.at)
    .map(({ at, ...rest }) => ({ ...rest, day: cityDate(at) }));
}

function signed(document: Values | null, person: string): (Omit<Signed, 'day'> & { at: number }) | null {
  if (document === null || document.person !== person) return null;
  const { procedure, claimed_at: at, answers } = document;
  if (typeof procedure !== 'string' || typeof at !== 'number' || !isObject(answers)) return null;
  return { procedure, at, answers, document };
}

/** What was read already: a submission never changes. */
const read = new WeakMap<RecordView['state'], Values | null>();

function documentOf({ state, values: { act } }: RecordView): Values | null {
  const known = read.get(state);
  if (known !== undefined) return known;
  const document = isObject(act) && typeof act.document === 'string' ? decode(act.document) : null;
  const found = isObject(document) ? document : null;
  read.set(state, found);
  return found;
}
