/** A server for tests: the rules of batches and feeds, on the real sync core, in memory. */

import { encode } from 'cborg';

import { type CheckIn, toColumns } from '../../codes/columns.ts';
import { parse } from '../../sync/batch.ts';
import { stringify, type Value } from '../../sync/canonical.ts';
import type { Change } from '../../sync/change.ts';
import * as record from '../../sync/record.ts';
import type { Name } from '../db.ts';

interface Logged {
  jws: string;
  hash: string;
  refused: { index: number; code: string; retry: boolean }[];
}

interface Entry {
  seq: number;
  feed: string;
  kind: string;
  id: string;
  gone: boolean;
}

interface Request {
  epoch: string | null;
  cursors: Record<string, number>;
  batches: string[];
  limit: number;
  device?: string;
  receipts?: Record<string, string>;
}

type Answer = Record<string, unknown> & { result: string };

/** What a test may set to make the server behave. */
export class Server {
  epoch = 'epoch-1';
  time = 1_700_000_000_000;
  backedUp = 0;
  pageSize = 200;
  /** Whose session it is; null answers 401. */
  person: string | null = 'person-1';
  /** Feeds that are served to whoever names them. */
  onRequest = new Set<string>();
  /** It was restored from a backup, and knows that contexts may be ahead (SPEC.md R14). */
  restored = false;
  revoked = new Set<string>();
  unknown = new Set<string>();
  /** Refuses a change by its code. */
  refuses: (change: Change) => { code: string; retry: boolean } | null = () => null;
  /** Refuses a whole batch in which such a change stands. */
  invalid: (change: Change) => string | null = () => null;

  /** Is told of each change that was taken. */
  onTaken: (change: Change) => void = () => undefined;

  readonly requests: Request[] = [];
  chains = new Map<string, Logged[]>();
  states = new Map<string, record.State>();
  entries: Entry[] = [];
  /** How often each submission was taken: exactly once is right (SPEC.md G3). */
  taken: Change[] = [];

  get feed(): string {
    return `person/${this.person ?? ''}`;
  }

  /** The seconds after which phones are asked to come again, while more comes than can be taken. */
  busy: number | null = null;

  async sync(request: Request): Promise<{ status: number; body: unknown; headers?: Record<string, string> }> {
    this.requests.push(request);
    if (this.busy !== null) {
      return { status: 503, body: { code: 'busy', retry: true }, headers: { 'Retry-After': String(this.busy) } };
    }
    const named = [...this.onRequest].filter((feed) => feed in request.cursors);
    const readable = ['public', ...(this.person === null ? [] : [this.feed, ...named])];
    const foreign = Object.keys(request.cursors).filter((feed) => !readable.includes(feed));
    if (this.person === null && (foreign.length > 0 || request.batches.length > 0)) {
      return { status: 401, body: { code: 'signed_out', retry: true } };
    }
    if (foreign.length > 0) return { status: 403, body: { code: 'feed_forbidden', retry: false } };
    const answers: Answer[] = [];
    for (const jws of request.batches) answers.push(await this.take(jws));
    return { status: 200, body: { ...this.pull(request, readable), answers } };
  }

  /** Write as another device of the same person would, or as the server. */
  write(kind: string, id: string, key: string, value: Value, replica = 'another-device', feed = this.feed): void {
    this.store(record.write(this.stateOf(kind, id), { kind, id, key, value, replica, at: 1 }), feed);
  }

  leave(kind: string, id: string, feed = this.feed): void {
    this.states.delete(`${kind} ${id}`);
    this.move(kind, id, feed, true);
  }

  /** The gate pack of a unit: these records as they are now, and check-ins. */
  pack(unit: string, names: readonly Name[], checkIns: readonly CheckIn[]): Uint8Array {
    const { n, ...columns } = toColumns(checkIns);
    return encode({
      epoch: this.epoch,
      time: this.time,
      unit,
      cursors: Object.fromEntries([`gate/${unit}`, 'gates'].map((feed) => [feed, this.height(feed)])),
      records: names.map(([kind, id]) => ({ kind, id, state: stringify(record.toJson(this.stateOf(kind, id))) })),
      guards: ['guard-device'],
      checkins: { n, ...columns, meeting: new Uint8Array(3 * n).fill(7) },
      undone: [],
    });
  }

  shown(kind: string, id: string): Record<string, unknown> {
    return record.shown(this.stateOf(kind, id));
  }

  /** Forget all that came after `copy` was taken, as a restored backup does. */
  copy(): () => void {
    const kept = structuredClone({ chains: this.chains, states: this.states, entries: this.entries });
    return () => {
      Object.assign(this, structuredClone(kept));
      this.epoch = `${this.epoch}'`;
      this.restored = true;
    };
  }

  private async take(jws: string): Promise<Answer> {
    const batch = await parse(jws);
    const invalid = (code: string): Answer => ({ result: 'invalid', code, retry: false });
    if (this.unknown.has(batch.device)) return invalid('device_unknown');
    if (this.revoked.has(batch.device)) return invalid('device_revoked');
    const [bad] = batch.changes.map(this.invalid).filter((code) => code !== null);
    if (bad !== undefined) return invalid(bad);
    const chain = this.chains.get(batch.device) ?? [];
    const before = chain[batch.seq - 1];
    if (before?.hash === batch.hash) return { result: 'dup', seq: batch.seq, refused: before.refused };
    if (batch.seq > chain.length + 1) return { result: 'gap', expected: chain.length + 1 };
    if (before !== undefined || batch.prev !== (chain.at(-1)?.hash ?? '')) {
      this.revoked.add(batch.device);
      return { result: 'fork' };
    }
    const refused = batch.changes.flatMap((change, index) => {
      const no = this.refuses(change);
      if (no === null) {
        this.store(change, this.feed);
        this.onTaken(change);
      }
      return no === null ? [] : [{ index, ...no }];
    });
    this.chains.set(batch.device, [...chain, { jws, hash: batch.hash, refused }]);
    return { result: 'ok', seq: batch.seq, refused };
  }

  private store(change: Change, feed: string): void {
    const { kind, id } = change;
    this.taken.push(change);
    const state = this.stateOf(kind, id);
    this.states.set(`${kind} ${id}`, record.admit(state, this.restored ? record.cut(state, change) : change));
    this.move(kind, id, feed, false);
  }

  private move(kind: string, id: string, feed: string, gone: boolean): void {
    const seq = this.height(feed) + 1;
    const others = this.entries.filter((each) => each.feed !== feed || each.kind !== kind || each.id !== id);
    this.entries = [...others, { seq, feed, kind, id, gone }];
  }

  private height(feed: string): number {
    return Math.max(0, ...this.entries.filter((each) => each.feed === feed).map((each) => each.seq));
  }

  private stateOf(kind: string, id: string): record.State {
    return this.states.get(`${kind} ${id}`) ?? record.EMPTY;
  }

  private pull({ epoch, cursors }: Request, readable: readonly string[]): Record<string, unknown> {
    const reached = Object.fromEntries(readable.map((feed) => [feed, epoch === this.epoch ? (cursors[feed] ?? 0) : 0]));
    const wanted = this.entries.filter(({ feed, seq }) => seq > (reached[feed] ?? Infinity));
    const page = wanted.sort((a, b) => a.seq - b.seq).slice(0, this.pageSize);
    for (const { feed, seq } of page) reached[feed] = seq;
    const entries = page.map(({ gone, ...entry }) => {
      const state = record.toJson(this.stateOf(entry.kind, entry.id));
      return gone ? { ...entry, gone } : { ...entry, state, digest: '' };
    });
    const more = wanted.length > page.length;
    return { epoch: this.epoch, time: this.time, backed_up: this.backedUp, entries, cursors: reached, more };
  }
}
