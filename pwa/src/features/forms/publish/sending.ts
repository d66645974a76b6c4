/** Spreadsheets on their way to the server and back. Both need a network. */
import { call, download } from '../../../data/http.ts';
import { wakeSoon } from '../../../data/loop.ts';
import type { Checked } from './model.ts';

/** Have a spreadsheet checked; nothing is published by this. */
export async function check(file: File): Promise<Checked> {
  return (await call('POST', '/forms/check', partsOf(file))) as Checked;
}

/** Publish a spreadsheet; `sha256` is that of the form that was looked at. */
export async function publish(file: File, sha256: string): Promise<void> {
  const parts = partsOf(file);
  parts.set('sha256', sha256);
  await call('POST', '/forms/publish', parts);
  wakeSoon();
}

/** Have the browser keep a published spreadsheet under this name. */
export async function keep(workbook: string, name: string): Promise<void> {
  const bytes = await download(`/blobs/${workbook}`, () => undefined);
  const url = URL.createObjectURL(new Blob([bytes]));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

function partsOf(file: File): FormData {
  const parts = new FormData();
  parts.set('file', file);
  return parts;
}
