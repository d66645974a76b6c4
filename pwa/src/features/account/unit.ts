import { record } from '../../data/records.ts';
import { local } from '../../text/index.ts';
import type { Bilingual } from '../../text/index.ts';

/** Return a unit's name in the language shown, or its code while the unit has not arrived on this phone. */
export function unitName(code: string): string {
  const name = record('unit', code).value?.values.name;
  return isBilingual(name) ? local(name) : code;
}

function isBilingual(value: unknown): value is Bilingual {
  return typeof value === 'object' && value !== null && 'vi' in value && 'en' in value;
}
