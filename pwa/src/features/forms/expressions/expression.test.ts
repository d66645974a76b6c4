/** The twin of the server's expressions, proved equal by the vector that its tests run too. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { digest, NAMES } from './digest.ts';
import { days, evaluate, ExpressionError, holds, number, parse, string } from './expression.ts';
import { matches } from './matching.ts';
import { Exhausted, FUEL, Meter } from './scope.ts';
import { type Answers, asJson, type Asked, scopeFrom } from './testing/asked.ts';

type Case = Asked & { world?: string; value: unknown };
const vector = JSON.parse(
  readFileSync(new URL('../../../../../tests/vectors/forms/expression.json', import.meta.url), 'utf8'),
) as { worlds: Record<string, Answers>; cases: Case[]; errors: { expression: string; error_at: number }[] };
const nothing = scopeFrom({});

describe('the shared vector', () => {
  test.each(vector.cases)('$expression at $at', ({ world, value, ...asked }) => {
    const answers = vector.worlds[world ?? ''] ?? {};
    const parsed = parse(asked.expression, { columns: asked.column !== undefined });
    expect(asJson(evaluate(parsed, scopeFrom({ answers, ...asked })))).toEqual(value);
  });

  test.each(vector.errors)('$expression is refused', ({ expression, error_at }) => {
    expect(() => parse(expression)).toThrow(ExpressionError);
    expect(() => parse(expression)).toThrow(expect.objectContaining({ at: error_at }));
  });
});

test('any text is parsed or refused and never anything else', () => {
  const characters = fc.constantFrom(...Array.from("${}ab().,'\"=<>!+-*/[]| 019ortdiv"));
  fc.assert(
    fc.property(fc.oneof(fc.string({ maxLength: 60 }), fc.string({ unit: characters, maxLength: 60 })), (text) => {
      try {
        evaluate(parse(text, { columns: true }), nothing);
      } catch (error) {
        expect(error).toBeInstanceOf(ExpressionError);
      }
    }),
  );
});

test('a number written as text is the same number', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      expect(string(value)).not.toContain('e');
      expect(number(string(value)) === value).toBe(true);
    }),
  );
});

test('dates keep their order', () => {
  const range = { min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true };
  fc.assert(
    fc.property(fc.date(range), (date) => {
      const text = date.toISOString().slice(0, 10);
      expect(days(text)).toBe(Math.floor(date.getTime() / 864e5));
      expect(string(evaluate(parse(`date(${days(text)})`), nothing))).toBe(text);
      expect(holds(`'${text}' <= today()`, nothing)).toBe(text <= '2026-11-22');
    }),
  );
});

test('digests are those of the platform, at every length around a block', () => {
  for (const name of NAMES)
    for (const length of [0, 1, 55, 56, 63, 64, 65, 111, 112, 119, 127, 128, 129, 1_000]) {
      const text = 'đ'.repeat(length / 2) + 'x'.repeat(length % 2);
      const expected = createHash(name.replace('-', '').toLowerCase()).update(text).digest();
      expect([name, length, Buffer.from(digest(text, name) ?? [])]).toEqual([name, length, expected]);
    }
});

test('a parsed expression is remembered by its text', () => {
  expect(parse('1 + ${a}')).toBe(parse('1 + ${a}'));
});

describe('limits', () => {
  const toys = Array.from({ length: 50 }, (_, index) => ({ title: String(index) }));
  const kids = Array.from({ length: 100 }, (_, index) => ({ age: String(index), toys }));
  const text = 'a'.repeat(60_000);
  const world = scopeFrom({ answers: { text, other: `${'a'.repeat(30_000)}b`, kids } });

  test.each([
    'contains(${text}, ${other})',
    'join(${text}, ${title})',
    "regex(${text}, '(.*)*x')",
    "digest(concat(${text}, ${text}), 'SHA-512')",
    'count(${toys}[count(${toys}[count(${toys}) > 0]) > 0])',
    `count(\${kids}${'[count(${kids}'.repeat(15)}[1]${') > 0]'.repeat(15)})`,
    'area(${title}, ${title}, ${title})',
  ])('%s ends as the empty text', (expression) => {
    expect(evaluate(parse(expression), world)).toBe('');
  });

  test.each([
    Array(500).fill('1').join('+'),
    Array(500).fill('${nowhere}').join(' or '),
    `\${kids}${'[1]'.repeat(490)}/age`,
    `${'not('.repeat(49)}1${')'.repeat(49)}`,
    `${'${kids}['.repeat(49)}1${']'.repeat(49)}`,
  ])('the longest and the deepest run', (expression) => {
    expect(() => evaluate(parse(expression), scopeFrom({ answers: { kids: [{ age: '1' }] } }))).not.toThrow();
  });

  test('a pattern takes time in proportion to the text', () => {
    const spent = (length: number): number => {
      const meter = new Meter(undefined);
      matches('a'.repeat(length), '(x+x+)+y|((a{0,9}){0,9}){0,9}b', meter);
      return FUEL - meter.fuel;
    };
    expect(spent(80)).toBeLessThanOrEqual(2.5 * spent(40));
  });

  test('evaluations share a budget', () => {
    const scope = { ...world, budget: { left: 150 } };
    expect(evaluate(parse('count(${kids})'), scope)).toBe(100);
    expect(evaluate(parse('count(${kids})'), scope)).toBe('');
    expect(() => new Meter({ left: 1 }).spend(2)).toThrow(Exhausted);
  });
});
