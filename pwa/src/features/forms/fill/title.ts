import { records } from '../../../data/records.ts';
import { local } from '../../../text/index.ts';
import { catalogue } from './model.ts';

/** Return what a procedure is called, or its code while its form has not arrived on this phone. */
export function procedureTitle(code: unknown): string {
  if (typeof code !== 'string') return '';
  const published = catalogue(records('form').value).find(({ form }) => form.code === code);
  return published === undefined ? code : local(published.form.title);
}
