/**
 * exp, log, sine and their kin in whole numbers, so that both twins give the same bits. `exact.py` is its twin.
 *
 * Libraries differ in the last bit. Here a real number is an integer times 2**-BITS; series are summed far beyond what
 * a double holds, and what comes out is rounded once, to the nearest double.
 */

export const BITS = 256n;
export const ONE = 1n << BITS;
const WIDE = 1_400n; // bits of pi: enough to take multiples of it off the greatest double

const floor = (a: bigint, b: bigint): bigint => {
  const quotient = a / b;
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient;
};
const lengthOf = (value: bigint): number => (value === 0n ? 0 : value.toString(2).length);
const magnitudeOf = (value: bigint): bigint => (value < 0n ? -value : value);

/** A finite double as a quotient of whole numbers, the lower one a power of two. */
export function ratio(value: number): readonly [bigint, bigint] {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const high = view.getUint32(0);
  const exponent = (high >>> 20) & 0x7ff;
  const part = (BigInt(high & 0xfffff) << 32n) | BigInt(view.getUint32(4));
  const whole = exponent === 0 ? part : part | (1n << 52n);
  const power = BigInt(Math.max(exponent, 1) - 1_075);
  const signed = value < 0 ? -whole : whole;
  return power >= 0n ? [signed << power, 1n] : [signed, 1n << -power];
}

/** A finite double in whole 2**-bits, what is smaller cut off. */
export function fixed(value: number, bits = BITS): bigint {
  const [top, bottom] = ratio(value);
  return floor(top << bits, bottom);
}

/** The double nearest to `whole * 2**power`, ties to even (IEEE 754). */
export function double(whole: bigint, power: bigint): number {
  let magnitude = magnitudeOf(whole);
  let shift = Number(power);
  const surplus = Math.max(lengthOf(magnitude) - 53, -1_074 - shift);
  if (surplus > 0) {
    const [kept, rest] = [magnitude >> BigInt(surplus), BigInt.asUintN(surplus, magnitude)];
    const half = 1n << BigInt(surplus - 1);
    magnitude = kept + (rest > half || (rest === half && kept & 1n) ? 1n : 0n);
    shift += surplus;
  }
  const sign = whole < 0n ? -1 : 1;
  if (lengthOf(magnitude) + shift > 1_024) return sign * Infinity;
  let found = Number(magnitude);
  for (; shift > 0; shift--) found *= 2;
  for (; shift < 0; shift++) found /= 2;
  return sign * found;
}

/** Divides two fixed numbers. */
export const divided = (a: bigint, b: bigint): bigint => floor(a << BITS, b);

/** The square root of a fixed number that is not negative. */
export function root(value: bigint): bigint {
  const square = value << BITS;
  if (square === 0n) return 0n;
  let found = 1n << BigInt((lengthOf(square) + 1) >> 1);
  for (;;) {
    const next = (found + square / found) >> 1n;
    if (next >= found) return found;
    found = next;
  }
}

/** atan(1/n) for `sign` -1, atanh(1/n) for 1. */
function inverse(n: bigint, sign: 1 | -1, bits: bigint): bigint {
  let power = (1n << bits) / n;
  let [total, k] = [power, 1n];
  while (power > 0n) {
    power /= n * n;
    k += 2n;
    total += (k % 4n === 3n && sign < 0 ? -1n : 1n) * (power / k);
  }
  return total;
}

function remembered<Key, Found>(find: (key: Key) => Found): (key: Key) => Found {
  const known = new Map<Key, Found>();
  return (key) => {
    const found = known.get(key) ?? find(key);
    known.set(key, found);
    return found;
  };
}

/** Machin's formula. */
export const pi = remembered(
  (bits: bigint) => (4n * (4n * inverse(5n, -1, bits + 16n) - inverse(239n, -1, bits + 16n))) >> 16n,
);

const log2 = remembered(
  (bits: bigint) => 18n * inverse(26n, 1, bits) - 2n * inverse(4_801n, 1, bits) + 8n * inverse(8_749n, 1, bits),
);

/** e**value as a fixed number and a power of two. */
export function fixedExp(value: bigint): readonly [bigint, bigint] {
  const power = floor(value, log2(BITS));
  const rest = value - power * log2(BITS);
  let [total, term, k] = [ONE, ONE, 0n];
  while (term > 0n) {
    k++;
    term = ((term * rest) >> BITS) / k;
    total += term;
  }
  return [total, power];
}

/** The natural logarithm of a positive double. */
export function fixedLog(value: number): bigint {
  const [top, bottom] = ratio(value);
  const power = BigInt(lengthOf(top) - lengthOf(bottom));
  const scaled = power > 0n ? ((top << BITS) / bottom) >> power : (top << (BITS - power)) / bottom;
  const z = divided(scaled - ONE, scaled + ONE);
  const square = (z * z) >> BITS;
  let [total, odd, k] = [0n, z, 1n];
  while (odd !== 0n && odd !== -1n) {
    total += floor(odd, k);
    odd = (odd * square) >> BITS;
    k += 2n;
  }
  return 2n * total + power * log2(BITS);
}

/** The sine of a double plus so many quarters of a turn. */
export function fixedSine(value: number, quarters: bigint): bigint {
  const quarter = pi(WIDE) >> 1n;
  const wide = fixed(value, WIDE);
  const turns = floor(wide + (quarter >> 1n), quarter);
  const rest = (wide - turns * quarter) >> (WIDE - BITS);
  const at = BigInt.asUintN(2, turns + quarters);
  const square = (rest * rest) >> BITS;
  let [total, term, k] = at % 2n === 0n ? [0n, rest, 1n] : [0n, ONE, 0n];
  while (term !== 0n && term !== -1n) {
    total += term;
    term = floor(-((term * square) >> BITS), (k + 1n) * (k + 2n));
    k += 2n;
  }
  return at > 1n ? -total : total;
}

/** The arc tangent of a fixed number. */
export function fixedAtan(value: bigint): bigint {
  if (value < 0n) return -fixedAtan(-value);
  if (value > ONE) return (pi(BITS) >> 1n) - fixedAtan((ONE * ONE) / value);
  if (value <= ONE >> 2n) return atanSeries(value);
  // atan(x) = atan(1/2) + atan((x - 1/2) / (1 + x/2))
  return inverse(2n, -1, BITS) + atanSeries(divided(value - (ONE >> 1n), ONE + (value >> 1n)));
}

function atanSeries(value: bigint): bigint {
  const square = (value * value) >> BITS;
  let [total, odd, k] = [0n, value, 1n];
  while (odd !== 0n && odd !== -1n) {
    total += floor(odd, k);
    odd = -((odd * square) >> BITS);
    k += 2n;
  }
  return total;
}

/** The double nearest to a small quotient of positive whole numbers. */
export function small(top: bigint, bottom: bigint): number {
  const shift = BigInt(lengthOf(bottom) - lengthOf(top) + 64);
  return double(((top << shift) / bottom) | 1n, -shift);
}
