/** Measures the way from a frame to a verdict in a page; `python -m loadtests.gate_bench` calls it. */

import { type Columns, fromColumns } from '../../../codes/columns.ts';
import { type Jwk, thumbprint } from '../../../codes/keys.ts';
import { unbase64url } from '../../../sync/batch.ts';
import { fromJson, shown } from '../../../sync/record.ts';
import { decode } from '../../../ui/scan/decode.ts';
import { LOOKS } from '../../../ui/scan/reader.ts';
import { type OpenPack, openPack } from '../packs.ts';
import { CheckIns } from '../presence.ts';
import { type Gate, verdict } from '../verdict.ts';

/** What the page is given; bytes are base64url, frames are addresses of pictures. */
export interface Given {
  frames: string[];
  /** Records of the pack: their kind and their state as JSON. */
  pack: [kind: string, state: string][];
  columns: Record<Exclude<keyof Columns, 'n'>, string> & { n: number };
  gate: Gate;
  time: number;
  rounds: number;
}

/** Ms of each reading, of each verdict and of both; `reasons` are all that came out. */
export interface Measured {
  read: number[];
  judged: number[];
  both: number[];
  looks: number[];
  reasons: string[];
}

/** Read and judge frames, one after the other, on this thread: the browser slows no other one down. */
export async function measure(given: Given): Promise<Measured> {
  const { columns, gate, time, rounds } = given;
  const pack = await opened(given.pack);
  const checkIns = new CheckIns();
  for (const each of fromColumns(bytesOf(columns))) checkIns.add(each);
  const frames = await Promise.all(given.frames.map(frameAt));
  const measured: Measured = { read: [], judged: [], both: [], looks: [], reasons: [] };
  for (let round = -10; round < rounds; round += 1) {
    const picture = frames[(round + 10) % frames.length]!;
    const began = performance.now();
    let text: string | null = null;
    let looks = 0;
    for (; text === null && looks < 8; looks += 1) {
      text = await decode({ picture, codes: 'qr', ...LOOKS[looks % 2 === 0 ? 0 : 1] });
    }
    const read = performance.now();
    const { word, reason } = await verdict(text ?? '', { pack, checkIns, gate, time: { low: time, high: time } });
    const judged = performance.now();
    if (round < 0) continue;
    measured.read.push(read - began);
    measured.judged.push(judged - read);
    measured.both.push(judged - began);
    measured.looks.push(looks);
    measured.reasons.push(`${word} ${reason}`);
  }
  return measured;
}

async function frameAt(address: string): Promise<ImageBitmap> {
  return createImageBitmap(await (await fetch(address)).blob());
}

/** The root's own key stands in the list's header; that it is the right one matters to no figure. */
async function opened(records: Given['pack']): Promise<OpenPack | null> {
  const texts = (kind: string, key: string) =>
    records
      .filter(([of]) => of === kind)
      .map(([, state]) => shown(fromJson(JSON.parse(state) as object))[key] as string);
  const [trust = ''] = texts('trust', 'jws');
  const { jwk } = JSON.parse(new TextDecoder().decode(unbase64url(trust.split('.')[0] ?? ''))) as { jwk: Jwk };
  return openPack(trust, await thumbprint(jwk), texts('statuslist', 'jwt'));
}

function bytesOf({ n, at, rest, subject, flags, max, place }: Given['columns']): Columns {
  return {
    n,
    at: unbase64url(at),
    rest: unbase64url(rest),
    subject: unbase64url(subject),
    flags: unbase64url(flags),
    max: unbase64url(max),
    place: unbase64url(place),
  };
}
