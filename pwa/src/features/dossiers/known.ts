/** What of the records about dossiers is on this phone. */
import { computed } from '@preact/signals';

import { me } from '../../data/account.ts';
import { records } from '../../data/records.ts';
import type { Value } from '../../sync/canonical.ts';
import { isObject } from '../../sync/canonical.ts';
import { local } from '../../text/index.ts';
import { dossiers } from './model.ts';
import type { Dossier } from './model.ts';

const known = computed(() =>
  dossiers({
    submissions: records('submission').value,
    receipts: records('receipt').value,
    acknowledgements: records('acknowledgement').value,
  }),
);

/** Return all dossiers and subscribe the screen to them. */
export function knownDossiers(): readonly Dossier[] {
  return known.value;
}

/** Return the dossiers that the person of this phone signed. */
export function ownDossiers(): readonly Dossier[] {
  return known.value.filter(({ act }) => act.document.person === me.value?.id);
}

/** Return what a procedure is called: as in the newest form on this phone, else its code. */
export function procedureTitle(code: string): string {
  const forms = records('form').value.map(({ values }) => values).filter((values) => values.code === code);
  const newest = forms.find((values) => values.superseded_at === undefined) ?? forms.at(-1);
  return bilingual(newest?.form, 'title') ?? code;
}

function bilingual(holder: Value | undefined, name: string): string | null {
  if (holder === undefined || !isObject(holder)) return null;
  const both = holder[name];
  if (both === undefined || !isObject(both)) return null;
  const { vi, en } = both;
  return typeof vi === 'string' && typeof en === 'string' ? local({ vi, en }) : null;
}

/** Return what a unit is called, else its code. */
export function unitTitle(code: string): string {
  const unit = records('unit').value.find(({ id }) => id === code);
  return bilingual(unit?.values, 'name') ?? code;
}
