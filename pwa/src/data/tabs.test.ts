import { expect, test } from 'vitest';

import { enrol, network, openPage, unbox, values } from './testing/phone.ts';
import { Server } from './testing/server.ts';

test('what one tab writes, the other shows', async () => {
  const one = await unbox(new Server());
  await enrol(one);
  const two = await openPage();
  await one.records.change('draft', 'd1', { 'answer/name': 'An' });
  await expect.poll(() => values(two, 'draft', 'd1')).toEqual({ 'answer/name': 'An' });
  await two.records.change('draft', 'd1', { 'answer/name': 'Anh' });
  await expect.poll(() => values(one, 'draft', 'd1')).toEqual({ 'answer/name': 'Anh' });
});

test('a change is sent by itself, and both tabs learn that it was', async () => {
  const server = new Server();
  const one = await unbox(server);
  await enrol(one);
  const two = await openPage();
  await one.records.change('draft', 'd1', { 'answer/name': 'An' });
  await expect.poll(() => server.shown('draft', 'd1')).toEqual({ 'answer/name': 'An' });
  await expect.poll(() => two.status.status.peek().sentAt).toBe(server.time);
  await expect.poll(() => two.records.record('draft', 'd1').peek()?.unsent).toBe(false);
});

test('T1 what failed is tried again by itself', async () => {
  const server = new Server();
  const page = await unbox(server);
  await enrol(page);
  network.cut = 'before';
  await page.records.change('draft', 'd1', { 'answer/name': 'An' });
  await expect.poll(() => page.status.status.peek().trouble).toBe('network');
  network.cut = 'never';
  await expect.poll(() => server.shown('draft', 'd1'), { timeout: 5000 }).toEqual({ 'answer/name': 'An' });
  await expect.poll(() => page.status.status.peek()).toMatchObject({ trouble: null, unsent: 0 });
});

test('several records change together or not at all', async () => {
  const page = await unbox(new Server());
  await enrol(page);
  const wanted = [
    { kind: 'submission', id: 's1', values: { act: 'signed' } },
    { kind: 'draft', id: 'd1', values: { submission: 1.5 } },
  ];
  await expect(page.records.changeAll(wanted)).rejects.toMatchObject({ code: 'value_type' });
  expect(values(page, 'submission', 's1')).toBeUndefined();
  expect(page.status.status.peek().unsent).toBe(0);
});

test('without a key of its own a phone writes nothing', async () => {
  const page = await unbox(new Server());
  await expect(page.records.change('draft', 'd1', { a: 1 })).rejects.toMatchObject({ code: 'device_missing' });
});
