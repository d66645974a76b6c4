/** Beginning a draft with all that is known. Loaded when someone begins: it brings the rules of forms along. */
import { now } from '../../../data/clock.ts';
import { change, newId } from '../../../data/records.ts';
import type { Value } from '../../../sync/canonical.ts';
import { language } from '../../../text/index.ts';
import { ANSWER, newDraft } from '../fill/model.ts';
import type { Published } from '../fill/model.ts';
import { defaults } from '../rules/defaults.ts';
import { cityMoment } from '../rules/rules.ts';
import { knowledge } from './knowledge.ts';
import { knownAnswers, valuesOf } from './known.ts';

/** Begin a draft of this person and return its id. */
export async function begin(published: Published, person: { id: string }): Promise<string> {
  const id = newId();
  const at = cityMoment(now());
  const known = knownAnswers(published.form, knowledge(), at);
  const begun = Object.entries(defaults(published.form, at, id, valuesOf(known)));
  const answers = Object.fromEntries(begun.map(([name, value]) => [ANSWER + name, value as Value]));
  await change('draft', id, { ...newDraft(published, person, language.value, known), ...answers });
  return id;
}
