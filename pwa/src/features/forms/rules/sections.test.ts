import { readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import { sha256, submissionDocument } from './document.ts';
import type { Form, Language } from './form.ts';
import { sections } from './sections.ts';
import { structureOf } from './structure.ts';
import { summary } from './summary.ts';

const first = new URL('../../../../../tests/vectors/forms/first/', import.meta.url);
const form = JSON.parse(readFileSync(new URL('city-feedback.json', first), 'utf8')) as Form;

function sample(): Record<string, string | string[]> {
  const answers: Record<string, string | string[]> = {};
  for (const { name, type, choices } of [...structureOf(form).questions.values()]) {
    const first = form.choices[choices ?? '']?.[0]?.name ?? '';
    if (type === 'text') answers[name] = 'Nguyễn: Huệ';
    if (type === 'date') answers[name] = '2026-11-02';
    if (type === 'select_one') answers[name] = first;
    if (type === 'select_multiple') answers[name] = [first];
  }
  return answers;
}

test.each<Language>(['vi', 'en'])('the review page says in %s what the summary says, word for word', (language) => {
  const { title, facts, pages } = sections(form, sample(), language);
  const lines = [title, ...facts.map(([name, value]) => `${name}: ${value}`)];
  for (const page of pages) {
    lines.push('', page.label, ...page.answers.map(({ label, value }) => `${label}: ${value}`));
  }
  expect(`${lines.join('\n')}\n`).toBe(summary(form, sample(), language));
});

test('the document holds the hash of the summary that was shown, and only answers that apply', async () => {
  const document = await submissionDocument({
    form,
    formSha256: 'f'.repeat(64),
    answers: { ...sample(), gone: 'x' },
    language: 'en',
    id: 'i',
    person: 'p',
    rp: 'localhost',
    nonce: 'n'.repeat(22),
    at: { now: 1, offset: 420 },
    seed: '',
  });
  const answers = document.answers as Record<string, string>;
  expect(answers).not.toHaveProperty('gone');
  expect(document).toMatchObject({ typ: 'submission/1', procedure: form.code, unit: form.unit, files: [] });
  expect(document.summary_sha256).toBe(await sha256(summary(form, answers, 'en')));
});
