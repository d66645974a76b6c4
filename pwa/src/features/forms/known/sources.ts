/** Where an answer can come from without asking for it: the account, the card, the checked identity, earlier forms. */
import { isObject } from '../../../sync/canonical.ts';
import type { Value } from '../../../sync/canonical.ts';
import type { Answers } from '../rules/form.ts';

export type Values = Readonly<Record<string, Value>>;

/** A form that the person sent before: `day` is the day on which they signed it, `YYYY-MM-DD`. */
export interface Earlier {
  readonly procedure: string;
  readonly day: string;
  readonly answers: Answers;
}

/** What is known of a person: account name, the records `profile` and `identity`, what they sent, newest first. */
export interface Knowledge {
  readonly account: string;
  readonly profile: Values | undefined;
  readonly identity: Values | undefined;
  readonly submissions: readonly Earlier[];
}

/** An answer that need not be given, and where it came from: `card/name`, `last/<procedure>/<field>/<day>`. */
export interface Known {
  readonly value: Value;
  readonly source: string;
}

/** The key of each detail in `profile`; an author's word for it on the left. */
const ON_CARD: Readonly<Record<string, string>> = {
  number: 'card/number',
  old_number: 'card/old_number',
  name: 'card/name',
  birth_date: 'card/born',
  sex: 'card/sex',
  address: 'card/address',
  issued: 'card/issued',
};
/** The key of each detail in `identity`, which an officer checked against the card. */
const CHECKED: Readonly<Record<string, string>> = { number: 'number', name: 'name', birth_date: 'born', sex: 'sex' };

/** Return the first known answer among the sources of a question's `fill`, which spaces separate; null for none. */
export function knownFrom(fill: string, knowledge: Knowledge): Known | null {
  for (const source of fill.split(' ')) {
    const found = lookUp(source.split('/'), knowledge);
    if (found !== null) return found;
  }
  return null;
}

function lookUp([from = '', ...path]: readonly string[], knowledge: Knowledge): Known | null {
  const [detail = '', field = ''] = path;
  if (from === 'last') return earlier(knowledge.submissions, detail, field);
  if (from === 'card') return card(detail, knowledge) ?? checked(detail, knowledge);
  if (from !== 'person') return null;
  return checked(detail, knowledge) ?? card(detail, knowledge) ?? (detail === 'name' ? named(knowledge) : null);
}

function card(detail: string, { profile }: Knowledge): Known | null {
  return known(profile?.[ON_CARD[detail] ?? ''], `card/${detail}`);
}

/** An identity counts while it is in force. */
function checked(detail: string, { identity }: Knowledge): Known | null {
  if (identity === undefined || typeof identity.withdrawn_at === 'number') return null;
  return known(identity[CHECKED[detail] ?? ''], `identity/${detail}`);
}

function named({ account }: Knowledge): Known | null {
  return known(account, 'account/name');
}

/** The latest form of a procedure speaks alone: what was left empty there is not taken from an older one. */
function earlier(submissions: readonly Earlier[], procedure: string, field: string): Known | null {
  const latest = submissions.find((each) => each.procedure === procedure);
  if (latest === undefined || !Object.hasOwn(latest.answers, field)) return null;
  return known(latest.answers[field] as Value, `last/${procedure}/${field}/${latest.day}`);
}

function known(value: Value | undefined, source: string): Known | null {
  if (value === undefined || value === null || value === '') return null;
  if (Array.isArray(value) && value.some(isObject)) return null; // rows of a repeat
  return { value, source };
}
