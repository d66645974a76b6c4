/**
 * Fails when the JavaScript of a resident's first load weighs more than the budget.
 *
 * Counts, each gzipped as a server would: the entry of index.html and all it imports statically. Screens that are
 * loaded by route do not count.
 */

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';

const BUDGET = 60_000;
const DIST = path.join(import.meta.dirname, '..', 'dist');

const manifest = JSON.parse(readFileSync(path.join(DIST, '.vite', 'manifest.json'), 'utf8'));
const files = new Set();

function visit(name) {
  const chunk = manifest[name];
  if (files.has(chunk.file)) return;
  files.add(chunk.file);
  for (const imported of chunk.imports ?? []) visit(imported);
}

visit('index.html');
let total = 0;
for (const file of files) {
  const size = gzipSync(readFileSync(path.join(DIST, file)), { level: 9 }).length;
  total += size;
  console.log(`${String(size).padStart(7)} B  ${file}`);
}
console.log(`${String(total).padStart(7)} B  first load, JavaScript gzip; the budget is ${BUDGET} B`);
if (total > BUDGET) {
  console.error(`expected at most ${BUDGET} B, got ${total} B`);
  process.exit(1);
}
