import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import type { Value } from '../../../sync/canonical.ts';
import { createSaver } from './autosave.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function disk() {
  const written: Record<string, Value>[] = [];
  const waiting: (() => void)[] = [];
  let full = false;
  return {
    written,
    /** The write that is under way becomes durable. */
    sync: () => waiting.shift()?.(),
    fill: (value: boolean) => (full = value),
    write: async (values: Record<string, Value>) => {
      if (full) throw new Error('expected room on the disk');
      await new Promise<void>((done) => waiting.push(done));
      written.push(values);
    },
  };
}

describe('createSaver', () => {
  test('writes what is typed within a third of a second, together', async () => {
    const { write, written, sync } = disk();
    const saver = createSaver({ write });
    saver.put('answer/a', 'N');
    saver.put('answer/a', 'Ng');
    saver.put('answer/b', 1);
    await vi.advanceTimersByTimeAsync(300);
    sync();
    await vi.advanceTimersByTimeAsync(0);
    expect(written).toEqual([{ 'answer/a': 'Ng', 'answer/b': 1 }]);
  });

  test('does not say saved before it is durable', async () => {
    const { write, sync } = disk();
    const saver = createSaver({ write });
    saver.put('answer/a', 'N');
    const flushed = saver.flush();
    await vi.advanceTimersByTimeAsync(0);
    expect(saver.state.value).toBe('saving');
    sync();
    await flushed;
    expect(saver.state.value).toBe('saved');
  });

  test('does not say saved while a newer letter waits', async () => {
    const { write, sync } = disk();
    const saver = createSaver({ write });
    saver.put('answer/a', 'N');
    const flushed = saver.flush();
    await vi.advanceTimersByTimeAsync(0);
    saver.put('answer/a', 'Ng');
    sync();
    await flushed;
    expect(saver.state.value).toBe('saving');
  });

  test('keeps what could not be written and writes it the next time', async () => {
    vi.stubGlobal('reportError', () => undefined);
    const { write, written, sync, fill } = disk();
    const saver = createSaver({ write });
    fill(true);
    saver.put('answer/a', 'N');
    await saver.flush();
    expect(saver.state.value).toBe('failed');
    fill(false);
    saver.put('answer/b', 'M');
    const flushed = saver.flush();
    await vi.advanceTimersByTimeAsync(0);
    sync();
    await flushed;
    expect(written).toEqual([{ 'answer/a': 'N', 'answer/b': 'M' }]);
    expect(saver.state.value).toBe('saved');
    vi.unstubAllGlobals();
  });

  test('takes back what waits', async () => {
    const { write, written } = disk();
    const saver = createSaver({ write });
    saver.put('answer/a', 'N');
    saver.drop('answer/a');
    await vi.advanceTimersByTimeAsync(1000);
    expect(written).toEqual([]);
  });
});
