/** What `POST /sync` answers, read once at the edge. */

import { Problem } from './problem.ts';

export interface RefusedChange {
  index: number;
  code: string;
  retry: boolean;
}

/** The answer to one batch (SPEC.md B3). */
export type Verdict = { result: 'ok' | 'dup'; seq: number; refused: RefusedChange[] } | NotTaken;

export type NotTaken =
  | { result: 'gap'; expected: number }
  | { result: 'fork' }
  | { result: 'invalid'; code: string; retry: boolean };

/** One entry of a feed; `state` is the JSON of a record's state, and null when the record left the feed (F4). */
export interface Entry {
  feed: string;
  kind: string;
  id: string;
  state: object | null;
}

export interface Answer {
  epoch: string;
  time: number;
  backedUp: number;
  verdicts: Verdict[];
  entries: Entry[];
  cursors: Record<string, number>;
  more: boolean;
}

type Fields = Record<string, unknown>;

/** Read an answer to a request with `sent` batches. What is not of the expected form is taken as lost on the way. */
export function read(data: unknown, sent: number): Answer {
  const { epoch, time, backed_up: backedUp, answers, entries, cursors, more } = fields(data);
  const verdicts = list(answers).map(verdict);
  if (verdicts.length !== sent) garbled(`${sent} answers`, verdicts.length);
  return {
    epoch: text(epoch),
    time: whole(time),
    backedUp: whole(backedUp),
    verdicts,
    entries: list(entries).map(entry),
    cursors: Object.fromEntries(Object.entries(fields(cursors)).map(([feed, seq]) => [feed, whole(seq)])),
    more: more === true,
  };
}

function verdict(data: unknown): Verdict {
  const { result, seq, refused, expected, code, retry } = fields(data);
  switch (result) {
    case 'ok':
    case 'dup':
      return { result, seq: whole(seq), refused: list(refused).map(refusedChange) };
    case 'gap':
      return { result, expected: whole(expected) };
    case 'fork':
      return { result };
    case 'invalid':
      return { result, code: text(code), retry: retry === true };
    default:
      return garbled('ok, dup, gap, fork or invalid', result);
  }
}

function refusedChange(data: unknown): RefusedChange {
  const { index, code, retry } = fields(data);
  return { index: whole(index), code: text(code), retry: retry === true };
}

function entry(data: unknown): Entry {
  const { feed, kind, id, state, gone } = fields(data);
  return { feed: text(feed), kind: text(kind), id: text(id), state: gone === true ? null : fields(state) };
}

function fields(data: unknown): Fields {
  return typeof data === 'object' && data !== null ? (data as Fields) : garbled('an object', data);
}

function list(data: unknown): unknown[] {
  return Array.isArray(data) ? (data as unknown[]) : garbled('an array', data);
}

function text(data: unknown): string {
  return typeof data === 'string' ? data : garbled('text', data);
}

function whole(data: unknown): number {
  return typeof data === 'number' && Number.isSafeInteger(data) && data >= 0 ? data : garbled('a whole number', data);
}

function garbled(expected: string, got: unknown): never {
  throw new Problem('network', true, `expected ${expected}, got ${JSON.stringify(got)}`);
}
