/** MD5, SHA-1 and SHA-2 without promises, as expressions need them (RFC 1321, FIPS 180-4). */

type Words = number[];
type Round = (state: Words, block: Words) => Words;

const rotated = (value: number, by: number): number => (value << by) | (value >>> (32 - by));
const SHIFTS = [
  [7, 12, 17, 22],
  [5, 9, 14, 20],
  [4, 11, 16, 23],
  [6, 10, 15, 21],
];
const SINES = Array.from({ length: 64 }, (_, index) => Math.floor(2 ** 32 * Math.abs(Math.sin(index + 1))) | 0);

const PRIMES: readonly bigint[] = Array.from({ length: 410 }, (_, index) => index)
  .filter((n) => n > 1 && ![2, 3, 5, 7, 11, 13, 17, 19].some((prime) => n !== prime && n % prime === 0))
  .map(BigInt);

/** The first 64 bits behind the point of the square or cube root of a prime. */
function fraction(prime: bigint, power: bigint): bigint {
  const wanted = prime << (64n * power);
  let found = 0n;
  for (let bit = 1n << 68n; bit > 0n; bit >>= 1n) if ((found | bit) ** power <= wanted) found |= bit;
  return BigInt.asUintN(64, found);
}

const CUBES = PRIMES.slice(0, 80).map((prime) => fraction(prime, 3n));
const ROOTS = PRIMES.slice(0, 16).map((prime) => fraction(prime, 2n));
const upper = (value: bigint): number => Number(value >> 32n) | 0;
const CUBES_32 = CUBES.map(upper);

const md5: Round = (state, block) => {
  let [a, b, c, d] = state as [number, number, number, number];
  for (let index = 0; index < 64; index++) {
    const quarter = index >> 4;
    const mixed = [(b & c) | (~b & d), (d & b) | (~d & c), b ^ c ^ d, c ^ (b | ~d)][quarter] ?? 0;
    const place = [index, 5 * index + 1, 3 * index + 5, 7 * index][quarter] ?? 0;
    const sum = (a + mixed + (block[place % 16] ?? 0) + (SINES[index] ?? 0)) | 0;
    [a, d, c, b] = [d, c, b, (b + rotated(sum, SHIFTS[quarter]?.[index % 4] ?? 0)) | 0];
  }
  return [a, b, c, d];
};

const sha1: Round = (state, block) => {
  let [a, b, c, d, e] = state as [number, number, number, number, number];
  const words = [...block];
  for (let index = 0; index < 80; index++) {
    const at = (back: number): number => words[index - back] ?? 0;
    if (index >= 16) words.push(rotated(at(3) ^ at(8) ^ at(14) ^ at(16), 1));
    const quarter = Math.floor(index / 20);
    const mixed = [(b & c) | (~b & d), b ^ c ^ d, (b & c) | (b & d) | (c & d), b ^ c ^ d][quarter] ?? 0;
    const constant = [0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6][quarter] ?? 0;
    const sum = (rotated(a, 5) + mixed + e + constant + at(0)) | 0;
    [e, d, c, b, a] = [d, c, rotated(b, 30), a, sum];
  }
  return [a, b, c, d, e];
};

const sha256: Round = (state, block) => {
  let [a, b, c, d, e, f, g, h] = state as [number, number, number, number, number, number, number, number];
  const words = [...block];
  const spun = (value: number, x: number, y: number, z: number): number =>
    rotated(value, 32 - x) ^ rotated(value, 32 - y) ^ z;
  for (let index = 0; index < 64; index++) {
    const at = (back: number): number => words[index - back] ?? 0;
    if (index >= 16)
      words.push((at(16) + spun(at(15), 7, 18, at(15) >>> 3) + at(7) + spun(at(2), 17, 19, at(2) >>> 10)) | 0);
    const mixed = spun(e, 6, 11, rotated(e, 7)) + ((e & f) ^ (~e & g));
    const one = (h + mixed + (CUBES_32[index] ?? 0) + at(0)) | 0;
    const two = spun(a, 2, 13, rotated(a, 10)) + ((a & b) ^ (a & c) ^ (b & c));
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
  }
  return [a, b, c, d, e, f, g, h];
};

/** SHA-512 on pairs of words, high ones first. */
const sha512: Round = (state, block) => {
  const wide = (parts: Words): bigint[] =>
    Array.from({ length: parts.length / 2 }, (_, index) => {
      const [high = 0, low = 0] = parts.slice(2 * index, 2 * index + 2);
      return (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
    });
  const turn = (value: bigint, by: bigint): bigint => (value >> by) | BigInt.asUintN(64, value << (64n - by));
  let [a, b, c, d, e, f, g, h] = wide(state) as [bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint];
  const words = wide(block);
  for (let index = 0; index < 80; index++) {
    const at = (back: number): bigint => words[index - back] ?? 0n;
    const [far, late] = [at(15), at(2)];
    const mix = (turn(far, 1n) ^ turn(far, 8n) ^ (far >> 7n)) + (turn(late, 19n) ^ turn(late, 61n) ^ (late >> 6n));
    if (index >= 16) words.push(BigInt.asUintN(64, at(16) + at(7) + mix));
    const mixed = (turn(e, 14n) ^ turn(e, 18n) ^ turn(e, 41n)) + ((e & f) ^ (~e & g));
    const one = h + mixed + (CUBES[index] ?? 0n) + at(0);
    const two = (turn(a, 28n) ^ turn(a, 34n) ^ turn(a, 39n)) + ((a & b) ^ (a & c) ^ (b & c));
    [h, g, f, e, d, c, b, a] = [g, f, e, BigInt.asUintN(64, d + one), c, b, a, BigInt.asUintN(64, one + two)];
  }
  return pairs([a, b, c, d, e, f, g, h]);
};

const pairs = (values: readonly bigint[]): Words =>
  values.flatMap((value) => [upper(value), Number(BigInt.asIntN(32, value))]);
const EARLY = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];

interface Algorithm {
  readonly round: Round;
  readonly begin: Words;
  /** Bytes of a block, and of the digest. */
  readonly block: number;
  readonly length: number;
  readonly littleEndian: boolean;
}

const algorithm = (round: Round, begin: Words, block: number, length: number, littleEndian = false): Algorithm => ({
  round,
  begin,
  block,
  length,
  littleEndian,
});

const ALGORITHMS: ReadonlyMap<string, Algorithm> = new Map([
  ['MD5', algorithm(md5, EARLY.slice(0, 4), 64, 16, true)],
  ['SHA-1', algorithm(sha1, EARLY, 64, 20)],
  ['SHA-256', algorithm(sha256, ROOTS.slice(0, 8).map(upper), 64, 32)],
  ['SHA-384', algorithm(sha512, pairs(ROOTS.slice(8)), 128, 48)],
  ['SHA-512', algorithm(sha512, pairs(ROOTS.slice(0, 8)), 128, 64)],
]);
export const NAMES = [...ALGORITHMS.keys()];

/** The digest of a text in UTF-8; undefined when there is no such algorithm. */
export function digest(text: string, name: string): Uint8Array | undefined {
  const found = ALGORITHMS.get(name);
  if (!found) return undefined;
  const { round, begin, block, length, littleEndian } = found;
  const bytes = new TextEncoder().encode(text);
  const padded = new Uint8Array(Math.ceil((bytes.length + 1 + block / 8) / block) * block);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setBigUint64(padded.length - 8, BigInt(bytes.length) * 8n, littleEndian);
  let state = begin.map((word) => word | 0);
  for (let at = 0; at < padded.length; at += block) {
    const words = Array.from({ length: block / 4 }, (_, index) => view.getInt32(at + 4 * index, littleEndian));
    const mixed = round(state, words);
    state = block === 64 ? state.map((word, index) => (word + (mixed[index] ?? 0)) | 0) : added(state, mixed);
  }
  const out = new DataView(new ArrayBuffer(4 * state.length));
  state.forEach((word, index) => out.setInt32(4 * index, word, littleEndian));
  return new Uint8Array(out.buffer).slice(0, length);
}

/** Adds pairs of words. */
function added(one: Words, other: Words): Words {
  return Array.from({ length: one.length / 2 }, (_, index) => {
    const [high, low] = [2 * index, 2 * index + 1];
    const sum = ((one[low] ?? 0) >>> 0) + ((other[low] ?? 0) >>> 0);
    return [((one[high] ?? 0) + (other[high] ?? 0) + (sum >= 2 ** 32 ? 1 : 0)) | 0, sum | 0];
  }).flat();
}
