import { describe, expect, test } from 'vitest';

import { Once } from './once.ts';
import { Wedge } from './wedge.ts';

describe('a code in view', () => {
  test('is reported once while it stays, and anew after 2.5 s out of view', () => {
    const once = new Once();
    expect([0, 100, 2_500, 5_000].map((at) => once.isNew('A', at))).toEqual([true, false, false, false]);
    expect(once.isNew('A', 7_501)).toBe(true);
  });

  test('does not become news by another one beside it', () => {
    const once = new Once();
    const news = ['A', 'B', 'A', 'B'].map((text, index) => once.isNew(text, index * 100));
    expect(news).toEqual([true, true, false, false]);
  });

  test('is reported anew when it is asked for', () => {
    const once = new Once();
    once.isNew('A', 0);
    once.forget();
    expect(once.isNew('A', 50)).toBe(true);
  });
});

describe('a scanner that types', () => {
  const type = (wedge: Wedge, text: string, from: number, pace: number) =>
    [...Array.from(text), 'Enter'].map((key, index) => wedge.press(key, from + index * pace)).at(-1);

  test('gives the code at Enter, with whatever shift keys it pressed', () => {
    const wedge = new Wedge();
    expect(['M', 'Shift', 'C', 'I', '1', ':', ' ', 'A'].map((key, index) => wedge.press(key, index * 5))).toEqual(
      Array(8).fill(null),
    );
    expect(wedge.press('Enter', 41)).toBe('MCI1: A');
  });

  test('is told from a person, who is slower', () => {
    expect(type(new Wedge(), 'MCI1:ABCDEF', 0, 150)).toBeNull();
  });

  test('begins anew after a rest', () => {
    const wedge = new Wedge();
    wedge.press('x', 0);
    expect(type(wedge, 'MCI1:ABC', 1_000, 10)).toBe('MCI1:ABC');
    expect(type(wedge, 'MCI1:ABC', 1_100, 10)).toBe('MCI1:ABC');
  });

  test('is quiet about a stray Enter', () => {
    expect(type(new Wedge(), 'ab', 0, 10)).toBeNull();
  });
});
