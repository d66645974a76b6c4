import { existsSync, readFileSync } from 'node:fs';

import { describe, expect, test } from 'vitest';

import catalogueEn from './catalogue.en.json';
import catalogueVi from './catalogue.vi.json';
import en from './en.json';
import fillingEn from './filling.en.json';
import fillingVi from './filling.vi.json';
import gateEn from './gate.en.json';
import gateVi from './gate.vi.json';
import { firstLanguage } from './index.ts';
import meetingsEn from './meetings.en.json';
import meetingsVi from './meetings.vi.json';
import { fill, holes } from './message.ts';
import scanEn from './scan.en.json';
import scanVi from './scan.vi.json';
import sharingEn from './sharing.en.json';
import sharingVi from './sharing.vi.json';
import vi from './vi.json';
import walletEn from './wallet.en.json';
import walletVi from './wallet.vi.json';

const PARTS_VI = [vi, catalogueVi, fillingVi, gateVi, meetingsVi, scanVi, sharingVi, walletVi];
const PARTS_EN = [en, catalogueEn, fillingEn, gateEn, meetingsEn, scanEn, sharingEn, walletEn];
const vietnamese = Object.assign({}, ...PARTS_VI) as Record<string, string>;
const english = Object.assign({}, ...PARTS_EN) as Record<string, string>;
const problems = new URL('../../../server/errors.py', import.meta.url);
const ownProblems = new URL('../data/problem.ts', import.meta.url);

describe('texts', () => {
  test('both languages have the same keys', () => {
    expect(Object.keys(english).sort()).toEqual(Object.keys(vietnamese).sort());
  });

  test.each(Object.keys(vietnamese))('%s has the same parameters in both languages and no empty text', (key) => {
    expect(holes(english[key] ?? '')).toEqual(holes(vietnamese[key] ?? ''));
    expect(english[key]?.trim()).not.toBe('');
    expect(vietnamese[key]?.trim()).not.toBe('');
  });

  test('no key stands in two parts', () => {
    const all = PARTS_VI.flatMap((part) => Object.keys(part));
    expect(all.filter((key, index) => all.indexOf(key) !== index)).toEqual([]);
  });

  test('every text is in Unicode normal form C', () => {
    const all = [...Object.values(vietnamese), ...Object.values(english)];
    expect(all.filter((each) => each !== each.normalize('NFC'))).toEqual([]);
  });

  test('a plural has both of its forms', () => {
    for (const key of Object.keys(vietnamese)) {
      if (key.endsWith('.one')) expect(vietnamese).toHaveProperty([key.replace(/one$/, 'other')]);
    }
  });

  test.skipIf(!existsSync(problems))('every problem that the server can answer has a text', () => {
    const list = readFileSync(problems, 'utf8').split('PROBLEMS')[1] ?? '';
    const codes = [...list.matchAll(/^ {4}"(\w+)": Entry\(/gm)].map((match) => match[1] ?? '');
    expect(codes.length).toBeGreaterThan(30);
    expect(codes.filter((code) => vietnamese[`problem.${code}`] === undefined)).toEqual([]);
  });

  test('every problem that the app finds by itself has a text', () => {
    const list = /LOCAL_PROBLEMS = \[([^\]]+)\]/.exec(readFileSync(ownProblems, 'utf8'))?.[1] ?? '';
    const codes = [...list.matchAll(/'(\w+)'/g)].map((match) => match[1] ?? '');
    expect(codes).toContain('network');
    expect(codes.filter((code) => vietnamese[`problem.${code}`] === undefined)).toEqual([]);
  });
});

describe('fill', () => {
  test('puts parameters where their names stand', () => {
    expect(fill('{n} mục của {name}', { n: 2, name: 'An' })).toBe('2 mục của An');
  });

  test('leaves a name without a parameter as it is', () => {
    expect(fill('{n} mục', {})).toBe('{n} mục');
  });
});

describe('firstLanguage', () => {
  test('is what the person chose before', () => expect(firstLanguage('en', ['vi-VN'])).toBe('en'));
  test('is else the first of ours that the browser asks for', () => {
    expect(firstLanguage(null, ['fr', 'en-US'])).toBe('en');
  });
  test('is else Vietnamese', () => expect(firstLanguage(null, ['fr'])).toBe('vi'));
});
