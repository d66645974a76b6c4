/** What two guards' phones give each other without a network. */
import { ownDevice } from '../../data/device.ts';
import { now } from '../../data/clock.ts';
import { heard, keepHeard } from '../../data/heard.ts';
import { packState, paired } from '../../data/pack.ts';
import { records } from '../../data/records.ts';
import { chunkTexts } from '../../codes/chunks.ts';
import type { CheckIn } from '../../codes/columns.ts';
import { openShared, shareCheckIns } from '../../codes/exchange.ts';
import type { Shared } from '../../codes/exchange.ts';
import type { Bytes } from '../../sync/canonical.ts';
import { readCheckin } from './checkin-event.ts';
import { guardedPlaces } from './guard-known.ts';
import { checkIns } from './watch.ts';

const RECENT = 12 * 3_600_000;
/** About 25 bytes each, and an undone one 16: well below what a set of codes carries. */
const MOST = 400;

/** Return the latest check-ins of the last hours and the ids of those undone, as many as a set of codes carries. */
export function recent(all: readonly CheckIn[], undone: readonly string[], at: number): Omit<Shared, 'unit' | 'iat'> {
  const from = at - RECENT;
  const latest = all.filter((each) => each.at > from).sort((a, b) => b.at - a.at);
  return { checkIns: latest.slice(0, MOST), undone: [...new Set(undone)].slice(-MOST) };
}

/** Return the texts of the codes to show, and how many check-ins they carry. */
export async function ownCodes(): Promise<{ codes: string[]; n: number }> {
  const gate = paired.peek();
  const at = now();
  const { checkIns: latest, undone } = recent(checkIns.peek().set.checkIns(), undoneIds(at - RECENT), at);
  if (gate === null || latest.length + undone.length === 0) return { codes: [], n: 0 };
  const { jwk, sign } = await ownDevice();
  const shared = { unit: gate.unit, iat: Math.floor(at / 1000), checkIns: latest, undone };
  const data = await shareCheckIns(shared, { kty: 'EC', crv: 'P-256', x: jwk.x, y: jwk.y }, sign);
  return { codes: await chunkTexts(data), n: latest.length };
}

/** Verify what another phone gave and keep it; it counts at once. Returns how many were new. Throws `CodeError`. */
export async function take(data: Bytes): Promise<number> {
  const gate = paired.peek();
  const guards = new Set(packState.peek()?.guards ?? []);
  const places = new Set(guardedPlaces().map(({ number }) => number));
  const shared = await openShared(data, { unit: gate?.unit ?? '', guards, places });
  const { set } = checkIns.peek();
  const fresh = shared.checkIns.filter(({ id }) => !set.has(id)).length;
  await keepHeard({
    device: shared.device,
    unit: shared.unit,
    at: shared.iat * 1000,
    checkIns: shared.checkIns,
    undone: shared.undone,
  });
  return fresh;
}

function undoneIds(from: number): string[] {
  const told = records('checkin').peek().flatMap(({ id, values }) => readCheckin(id, values.checkin)?.event ?? []);
  const own = told.flatMap((event) => (event.way === 'undo' && event.at > from ? [event.of] : []));
  return [...heard.peek().undone, ...own];
}
