/** Finds procedures by what people type: any language, with or without diacritics, spaces, and one wrong letter. */
import type { Form, Language, Text } from '../rules/form.ts';
import { begins, folded, nearly } from './fold.ts';

/** The words of one text of a form, and how much it tells about what the form is for. */
interface Field {
  readonly words: readonly string[];
  readonly worth: number;
}

const WORTH = { title: 8, search: 5, result: 4, summary: 2 } as const;
/** That the whole of what was typed stands somewhere, in this order, outweighs any single words. */
const PHRASE = 12;

/** How strictly to look: whether a letter may be wrong, and which share of the letters typed must be met. */
const WAYS = [
  { nearly: false, share: 1 },
  { nearly: true, share: 1 },
  { nearly: false, share: 0.5 },
] as const;

const known = new WeakMap<Form, readonly Field[]>();

/**
 * Return the forms that fit `query`, the best first; without words, all of them by title.
 *
 * Every word must be met, at the start of a word. If no form has all, one letter of a long word may be wrong; and if
 * still none has, those come that have the most, at least half of the letters typed.
 */
export function search(forms: readonly Form[], query: string, language: Language): Form[] {
  const typed = folded(query);
  const title = (form: Form) => form.title[language];
  const alphabetical = [...forms].sort((a, b) => title(a).localeCompare(title(b), language));
  if (typed.length === 0) return alphabetical;
  for (const way of WAYS) {
    const needed = typed.join('').length * way.share;
    const hits = alphabetical
      .map((form) => ({ form, ...judged(fieldsOf(form), typed, way.nearly) }))
      .filter(({ letters }) => letters >= needed);
    hits.sort((a, b) => b.letters - a.letters || b.points - a.points);
    if (hits.length > 0) return hits.map(({ form }) => form);
  }
  return [];
}

/** How many letters of the words typed a form has, and what the words are worth where they stand. */
function judged(fields: readonly Field[], typed: readonly string[], near: boolean) {
  const worthOf = (word: string) =>
    Math.max(0, ...fields.map((field) => (meets(field, word, near) ? field.worth : 0)));
  let [letters, points] = [0, PHRASE * worthOf(typed.join(''))];
  for (const word of typed) {
    const worth = worthOf(word);
    if (worth > 0) letters += word.length;
    points += worth;
  }
  return { letters, points };
}

/** Of the texts that say much in few words, something near is taken too; in long ones chance would find it. */
function meets({ words, worth }: Field, typed: string, near: boolean): boolean {
  return begins(words, typed) || (near && worth >= WORTH.search && nearly(words, typed));
}

function fieldsOf(form: Form): readonly Field[] {
  const already = known.get(form);
  if (already !== undefined) return already;
  const both = (text: Text | undefined, worth: number): Field[] =>
    text === undefined ? [] : [text.vi, text.en].map((each) => ({ words: folded(each), worth }));
  const fields = (Object.keys(WORTH) as (keyof typeof WORTH)[]).flatMap((name) => both(form[name], WORTH[name]));
  known.set(form, fields);
  return fields;
}
