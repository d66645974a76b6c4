/** Saving a draft as a file, and opening one. */
import { me } from '../../../data/account.ts';
import { now } from '../../../data/clock.ts';
import { Problem } from '../../../data/problem.ts';
import { change, newId, record, records } from '../../../data/records.ts';
import { attach, fileOf } from '../../../data/uploads.ts';
import type { Bytes, Value } from '../../../sync/canonical.ts';
import type { DraftFile, Misfit, Refusal } from './file.ts';
import { filesOf, read, take, TYP } from './file.ts';
import type { Filling } from './filling.ts';
import { catalogue, publishedOf } from './model.ts';
import type { Published } from './model.ts';

/** What became of a file: a new draft with its title, or why there is none. */
export type Opened =
  | { id: string; form: Published['form']; otherVersion: boolean; misfits: readonly Misfit[] }
  | { refused: Refusal | 'procedure' };

/** Return a draft as a file. Attachments that are neither here nor on the server are left out. */
export async function saved({ form, sha256, answers, language }: Filling): Promise<Blob> {
  const { code: procedure, version } = form;
  const head = { typ: TYP, procedure, version, form_sha256: sha256, language, saved_at: now() };
  const parts: string[] = [];
  for (const file of filesOf(answers)) {
    const data = await fileOf(file.sha256, file);
    if (data !== null) parts.push(`${parts.length === 0 ? '' : ','}"${file.sha256}":"${await base64Of(data)}"`);
  }
  const start = `${JSON.stringify({ ...head, answers }).slice(0, -1)},"files":{`;
  return new Blob([start, ...parts, '}}'], { type: 'application/json' });
}

/** Make a new draft of a file, which is whoever's opens it. What does not fit the form is named and left out. */
export async function open(file: Blob): Promise<Opened> {
  const mine = me.peek();
  if (mine === null) throw new Problem('signed_out', false, 'expected an account on this phone');
  const found = read(await file.text());
  if (typeof found === 'string') return { refused: found };
  const published = formOf(found);
  if (published === null) return { refused: 'procedure' };
  const { form, sha256 } = published;
  const taken = take(form, found, { now: now(), random: () => crypto.getRandomValues(new Uint8Array(10)) });
  if (typeof taken === 'string') return { refused: taken };
  const misfits = [...taken.misfits];
  const attached: Record<string, Value> = {};
  for (const { key, path, answer, base64 } of taken.files) {
    const kept = await attach(new Blob([bytesOf(base64)]), answer);
    if (kept.sha256 === answer.sha256 && kept.len === answer.len) attached[key] = { ...kept };
    else misfits.push({ path, why: 'file' });
  }
  const id = newId();
  const begun = { owner: mine.id, procedure: form.code, form_sha256: sha256, language: found.language };
  await change('draft', id, { ...begun, ...taken.values, ...attached });
  return { id, form, otherVersion: sha256 !== found.form_sha256, misfits };
}

/** The very version of the form when it is still here, else the one that is current. */
function formOf({ procedure, form_sha256: sha256 }: DraftFile): Published | null {
  const same = publishedOf(record('form', sha256).peek());
  if (same?.form.code === procedure) return same;
  return catalogue(records('form').peek()).find(({ form }) => form.code === procedure) ?? null;
}

function base64Of(data: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve((reader.result as string).split(',')[1] ?? '');
    reader.onerror = () => reject(new Problem('storage', true, 'expected a file that can be read'));
    reader.readAsDataURL(data);
  });
}

function bytesOf(base64: string): Bytes {
  const letters = atob(base64);
  const data = new Uint8Array(letters.length);
  for (let at = 0; at < letters.length; at += 1) data[at] = letters.charCodeAt(at);
  return data;
}
