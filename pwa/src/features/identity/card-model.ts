/** The card's details in the person's own record `profile`. */
import type { Card } from '../../codes/cccd.ts';
import type { Value } from '../../sync/canonical.ts';

const NAMES = ['number', 'old_number', 'name', 'born', 'sex', 'address', 'issued'] as const;

/** What is written to keep a card: the owner stands first, as the record's rule asks. */
export function cardValues(person: string, card: Card): Record<string, Value> {
  return { owner: person, ...Object.fromEntries(NAMES.map((name) => [`card/${name}`, card[name]])) };
}

/** What is written to remove it. */
export function noCard(): Record<string, Value> {
  return Object.fromEntries(NAMES.map((name) => [`card/${name}`, null]));
}

/** Read the card from the values of a profile; null without one. */
export function cardIn(values: Record<string, Value> | undefined): Card | null {
  const [number, old, name, born, sex, address, issued] = NAMES.map((each) => values?.[`card/${each}`]);
  if (typeof number !== 'string' || typeof name !== 'string' || typeof born !== 'string') return null;
  const text = (value: Value | undefined) => (typeof value === 'string' ? value : '');
  return {
    number,
    old_number: text(old),
    name,
    born,
    sex: sex === 'female' ? 'female' : 'male',
    address: text(address),
    issued: text(issued),
  };
}

/** "27/03/1990", as it stands on the card itself, from `1990-03-27`. */
export function vietnameseDay(day: string): string {
  return day.split('-').reverse().join('/');
}

/** Where to go once the card is kept: back to the procedure that offered to scan it; null for anywhere else. */
export function nextProcedure(next: string | null): string | null {
  return next !== null && /^\/procedures\/[a-z0-9-]+$/.test(next) ? next : null;
}
