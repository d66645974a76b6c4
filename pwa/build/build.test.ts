import { expect, test } from 'vitest';

import { objection, place } from './layers.js';
import { keeping, lateFiles } from './precache.ts';

const at = (file: string) => place(`/pwa/src/${file}`, '/pwa/src');

test.each([
  ['main.tsx', 'features/forms/home.tsx'],
  ['features/forms/a.tsx', 'ui/page.tsx'],
  ['features/forms/a.tsx', 'data/records.ts'],
  ['features/forms/a.tsx', 'features/forms/b.ts'],
  ['ui/page.tsx', 'text/index.ts'],
  ['worker/sw.ts', 'data/exchange.ts'],
  ['data/records.ts', 'sync/record.ts'],
])('%s may import %s', (from, to) => {
  expect(objection(at(from), at(to))).toBeNull();
});

test.each([
  ['features/forms/a.tsx', 'features/dossiers/b.ts'],
  ['features/forms/a.tsx', 'main.tsx'],
  ['ui/page.tsx', 'data/records.ts'],
  ['ui/page.tsx', 'features/forms/a.tsx'],
  ['data/records.ts', 'ui/page.tsx'],
  ['data/records.ts', 'text/index.ts'],
  ['data/records.ts', 'worker/sw.ts'],
  ['worker/sw.ts', 'ui/page.tsx'],
  ['sync/record.ts', 'data/db.ts'],
  ['text/index.ts', 'ui/page.tsx'],
  ['helpers/a.ts', 'sync/record.ts'],
])('%s may not import %s', (from, to) => {
  expect(objection(at(from), at(to))).not.toBeNull();
});

const chunk = (file: string, imports: string[], dynamicImports: string[] = []) => ({ file, imports, dynamicImports });

const MANIFEST = {
  'index.html': { ...chunk('index.js', ['_shared.js'], ['forms.ts', 'officer.ts']), isEntry: true },
  '_shared.js': { ...chunk('shared.js', []), assets: ['worker-1.js'] },
  'forms.ts': chunk('forms.js', ['_shared.js']),
  'officer.ts': { ...chunk('officer.js', ['_shared.js', '_desk.js']), css: ['officer.css'] },
  '_desk.js': chunk('desk.js', []),
};

test('a phone keeps nothing of what only a later module leads to', () => {
  expect(lateFiles(MANIFEST, ['officer.ts'])).toEqual(new Set(['officer.js', 'officer.css', 'desk.js']));
  expect(() => lateFiles(MANIFEST, ['gone.ts'])).toThrow('gone.ts');
});

test('a file is kept as the app is installed, for a scanner, or once it was used', () => {
  const keep = keeping(MANIFEST, { later: ['officer.ts'], scan: /^(worker|zxing)-/ });
  const files = ['index.html', 'shared.js', 'worker-1.js', 'zxing-1.wasm', 'officer.js'];
  expect(files.map(keep)).toEqual(['install', 'install', 'scan', 'scan', 'use']);
});
