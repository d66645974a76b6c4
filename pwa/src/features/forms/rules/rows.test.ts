/** Rows, groups, all types and what forms compute: the vector that the server's rules are held to as well. */
import { readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import { judged } from '../testing/judged.ts';
import type { Answers, Form } from './form.ts';

interface Vector {
  now: number;
  offset: number;
  forms: Record<string, Form>;
  cases: { what: string; form: string; answers: Answers; expect: Record<string, Record<string, unknown>> }[];
}

const vector = JSON.parse(
  readFileSync(new URL('../../../../../tests/vectors/forms/rows.json', import.meta.url), 'utf8'),
) as Vector;
const at = { now: vector.now, offset: vector.offset };

test.each(vector.cases)('$what: means what the shared vector says', ({ form, answers, expect: wanted }) => {
  const found = judged({ form: vector.forms[form]!, at, seed: '', answers });
  for (const [what, expected] of Object.entries(wanted)) {
    const given = found[what.replace(/_of$/, '')];
    if (what.endsWith('_of') || ['options', 'labels', 'begun'].includes(what)) {
      // of these members only
      const members = (Array.isArray(given) ? Object.fromEntries(given) : given) as Record<string, unknown>;
      const some = Object.fromEntries(Object.keys(expected).map((name) => [name, members[name] ?? null]));
      expect(some, what).toEqual(expected);
    } else expect(given, what).toEqual(expected);
  }
});
