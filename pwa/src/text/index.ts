/** Every word that people read, in the language they chose. A screen that calls `text()` follows the choice. */
import { signal } from '@preact/signals';

import { fill } from './message.ts';
import type { Params } from './message.ts';
import type catalogue from './catalogue.vi.json';
import type filling from './filling.vi.json';
import type gate from './gate.vi.json';
import type meetings from './meetings.vi.json';
import type publish from './publish.vi.json';
import type scan from './scan.vi.json';
import type sharing from './sharing.vi.json';
import vi from './vi.json';
import type wallet from './wallet.vi.json';

export type Language = 'vi' | 'en';
export type Key =
  | keyof typeof vi
  | keyof typeof catalogue
  | keyof typeof filling
  | keyof typeof gate
  | keyof typeof meetings
  | keyof typeof publish
  | keyof typeof scan
  | keyof typeof sharing
  | keyof typeof wallet;
/** A text that a form or a unit carries in both languages. */
export type Bilingual = Readonly<Record<Language, string>>;
type CountKey = Key extends infer K ? (K extends `${infer Stem}.one` ? Stem : never) : never;

type Texts = Readonly<Record<string, string>>;
type Load = () => Promise<{ default: Texts }>;

/** Texts of screens that not everyone opens, loaded with them. */
const PARTS = {
  catalogue: { vi: () => import('./catalogue.vi.json'), en: () => import('./catalogue.en.json') },
  filling: { vi: () => import('./filling.vi.json'), en: () => import('./filling.en.json') },
  gate: { vi: () => import('./gate.vi.json'), en: () => import('./gate.en.json') },
  meetings: { vi: () => import('./meetings.vi.json'), en: () => import('./meetings.en.json') },
  publish: { vi: () => import('./publish.vi.json'), en: () => import('./publish.en.json') },
  scan: { vi: () => import('./scan.vi.json'), en: () => import('./scan.en.json') },
  sharing: { vi: () => import('./sharing.vi.json'), en: () => import('./sharing.en.json') },
  wallet: { vi: () => import('./wallet.vi.json'), en: () => import('./wallet.en.json') },
} satisfies Record<string, Record<Language, Load>>;

const opened = new Set<keyof typeof PARTS>();
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
  const loaded = await Promise.all([...opened].map((part) => PARTS[part][next]()));
  const own: Texts = next === 'vi' ? vi : (await import('./en.json')).default;
  texts.value = Object.assign({}, own, ...loaded.map((part) => part.default)) as Texts;
  language.value = next;
  document.documentElement.lang = next;
}

/** Load the texts of a part of the app, in the language shown now and in those chosen later. */
export async function openTexts(part: keyof typeof PARTS): Promise<void> {
  if (opened.has(part)) return;
  const loaded = await PARTS[part][language.value]();
  opened.add(part);
  texts.value = { ...texts.value, ...loaded.default };
}
