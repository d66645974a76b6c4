/** Every word that people read, in the language they chose. A screen that calls `text()` follows the choice. */
import { signal } from '@preact/signals';

import { fill } from './message.ts';
import type { Params } from './message.ts';
import vi from './vi.json';

export type Language = 'vi' | 'en';
export type Key = keyof typeof vi;
/** A text that a form or a unit carries in both languages. */
export type Bilingual = Readonly<Record<Language, string>>;
type CountKey = Key extends infer K ? (K extends `${infer Stem}.one` ? Stem : never) : never;

const texts = signal<Readonly<Partial<Record<string, string>>>>(vi);

/** The language that the screens are in. */
export const language = signal<Language>('vi');

/** Return the text of `key` with its `{names}` filled in. */
export function text(key: Key, params: Params = {}): string {
  return fill(texts.value[key] ?? key, params);
}

/** Return the text of `key` in the plural form that `n` needs (`key.one` or `key.other`), with `{n}` filled in. */
export function count(key: CountKey, n: number, params: Params = {}): string {
  const form = new Intl.PluralRules(language.value).select(n) === 'one' ? 'one' : 'other';
  return text(`${key}.${form}`, { ...params, n });
}

/** Return the text for a problem's code, or a general one when this version of the app doesn't know the code. */
export function problemText(code: string): string {
  return texts.value[`problem.${code}`] ?? text('problem.internal');
}

/** Return the side of a bilingual text that is in the language shown. */
export function local(both: Bilingual): string {
  return both[language.value] || both.vi;
}

/** Return the language to begin in: what was kept, else what the browser asks for, else Vietnamese. */
export function firstLanguage(kept: string | null, asked: readonly string[]): Language {
  if (kept === 'vi' || kept === 'en') return kept;
  return asked.find((tag) => /^(vi|en)\b/.test(tag))?.startsWith('en') === true ? 'en' : 'vi';
}

/** Show everything in `next`; English is loaded when it is first asked for. */
export async function speak(next: Language): Promise<void> {
  texts.value = next === 'vi' ? vi : (await import('./en.json')).default;
  language.value = next;
  document.documentElement.lang = next;
}
