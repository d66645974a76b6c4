import { expect, test } from 'vitest';

import { darkPath } from './qr.tsx';

test('each run of dark modules is one rectangle, inside the quiet zone', () => {
  const path = darkPath([
    [true, true, false, true],
    [false, false, false, false],
    [false, true, true, true],
  ]);
  expect(path).toBe('M4 4h2v1h-2zM7 4h1v1h-1zM5 6h3v1h-3z');
});
