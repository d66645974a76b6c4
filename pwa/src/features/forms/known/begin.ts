/** Beginning a draft with all that is known. Loaded when someone begins: it brings the rules of forms along. */
import { now } from '../../../data/clock.ts';
import { change, newId } from '../../../data/records.ts';
import { language } from '../../../text/index.ts';
import { newDraft } from '../fill/model.ts';
import { cityMoment } from '../rules/rules.ts';
import type { Published } from '../fill/model.ts';
import { knowledge } from './knowledge.ts';
import { knownAnswers } from './known.ts';

/** Begin a draft of this person and return its id. */
export async function begin(published: Published, person: { id: string }): Promise<string> {
  const id = newId();
  const known = knownAnswers(published.form, knowledge(), cityMoment(now()));
  await change('draft', id, newDraft(published, person, language.value, known));
  return id;
}
