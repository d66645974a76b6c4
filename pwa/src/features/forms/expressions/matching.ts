/**
 * Matches a text against a pattern in time that grows with both lengths only (Thompson, 1968).
 *
 * `matching.py` is its twin.
 */
import { PatternError, program, type Step, WORD } from './pattern.ts';
import type { Meter } from './scope.ts';
import { type Constants, type Function, row } from './table.ts';

/** Whether the whole text matches. A pattern that is none matches nothing. */
export function matches(text: string, pattern: string, meter: Meter): boolean {
  const steps = known(pattern);
  if (typeof steps === 'string') return false;
  meter.spend(Math.floor((pattern.length + steps.length) / 16));
  const codes = Array.from(text, (character) => character.codePointAt(0) ?? 0);
  let places = reached(steps, [0], codes, 0);
  for (const [index, code] of codes.entries()) {
    if (places.length === 0) return false;
    meter.spend(1 + Math.floor(places.length / 2));
    const onward = places.flatMap((place) => {
      const step = steps[place];
      return step?.accepts?.(code) ? step.to : [];
    });
    places = reached(steps, onward, codes, index + 1);
  }
  return places.includes(steps.length);
}

/** The program of a pattern, or what is wrong with it. */
function known(pattern: string): readonly Step[] | string {
  try {
    return program(pattern);
  } catch (error) {
    if (error instanceof PatternError) return error.message;
    throw error;
  }
}

/** The steps that can be reached without a character, in any order, each once. */
function reached(
  steps: readonly Step[],
  begin: readonly number[],
  codes: readonly number[],
  at: number,
): readonly number[] {
  const seen = new Set(begin);
  for (const place of seen) {
    const step = steps[place];
    if (step && !step.accepts && holds(step.where, codes, at)) for (const onward of step.to) seen.add(onward);
  }
  return [...seen];
}

function holds(where: string, codes: readonly number[], at: number): boolean {
  if (where === '') return true;
  if (where === '^' || where === '$') return at === (where === '^' ? 0 : codes.length);
  const word = (code: number | undefined): boolean => code !== undefined && WORD(code);
  return (word(codes[at - 1]) !== word(codes[at])) === (where === 'b');
}

function refused([, pattern]: Constants): string | undefined {
  const found = typeof pattern === 'string' ? known(pattern) : undefined;
  return typeof found === 'string' ? found : undefined;
}

export const MATCHING: Readonly<Record<string, Function>> = {
  regex: row('tt', ({ meter }, text, pattern) => matches(text, pattern, meter), { refuses: refused }),
};
