// What journeys rely on when they look at a screen by night for its colours alone.
import { readdirSync, readFileSync } from 'node:fs';

import { expect, it } from 'vitest';

const NIGHT = /@media \(prefers-color-scheme: dark\) \{\s*:root \{((?:\s*--[\w-]+: #[0-9a-f]{3,8};)+)\s*\}\s*\}/g;
const all = readdirSync('src', { recursive: true, encoding: 'utf8' });
const files = all.filter((file) => /(?<!\.test)\.(?:css|tsx?)$/.test(file));

it('says by night what other colours there are, and nothing else', () => {
  const texts = files.map((file) => readFileSync(`src/${file}`, 'utf8'));
  const nights = texts.flatMap((text) => text.match(NIGHT) ?? []);
  expect(nights.length).toBeGreaterThan(0);
  expect(texts.filter((text) => /prefers-color-scheme|light-dark\(/.test(text.replaceAll(NIGHT, '')))).toEqual([]);
});
