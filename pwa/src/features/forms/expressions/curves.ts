/** Functions of exact.ts on doubles, with the special cases of IEEE 754. `curves.py` is its twin. */
import { BITS, divided, double, fixed, fixedAtan, fixedExp, fixedLog, fixedSine, ONE } from './exact.ts';
import { pi, ratio, root, small } from './exact.ts';
import { type Function, row } from './table.ts';

const SMALL = 2 ** -28; // below, what follows x in the series is less than half a last bit of x
const backwards = (value: number): boolean => value < 0 || Object.is(value, -0);
const near = (value: bigint): number => double(value, -BITS);

function exp(value: number): number {
  if (Number.isNaN(value)) return value;
  if (Math.abs(value) > 800) return value > 0 ? Infinity : 0;
  const [whole, power] = fixedExp(fixed(value));
  return double(whole, power - BITS);
}

function logarithm(value: number, base: bigint): number {
  if (!(value >= 0)) return NaN;
  if (value === 0 || value === Infinity) return value === 0 ? -Infinity : value;
  return near(divided(fixedLog(value), base));
}

/** 1 to a power that is no number or infinite is NaN, as in Java. */
function pow(base: number, power: number): number {
  if (power === 0) return 1;
  if (Number.isNaN(base) || Number.isNaN(power)) return NaN;
  if (Math.abs(power) === Infinity) return endless(Math.abs(base), power);
  if (base < 0 && power !== Math.floor(power) && base !== -Infinity) return NaN;
  const odd = Math.abs(power % 2) === 1;
  return (odd && backwards(base) ? -1 : 1) * magnitude(Math.abs(base), power);
}

function endless(base: number, power: number): number {
  if (base === 1) return NaN;
  return base > 1 === power > 0 ? Infinity : 0;
}

function magnitude(base: number, power: number): number {
  if (base === 0 || base === Infinity) return (base === 0) === power < 0 ? Infinity : 0;
  if (base === 1) return 1;
  const [top, bottom] = ratio(power);
  const product = fixedLog(base) * top;
  const exponent = product >> BigInt(bottom.toString(2).length - 1);
  if (exponent > 800n << BITS || exponent < -(800n << BITS)) return exponent > 0n ? Infinity : 0;
  const [whole, shift] = fixedExp(exponent);
  return double(whole, shift - BITS);
}

function sin(value: number): number {
  if (!Number.isFinite(value)) return NaN;
  return Math.abs(value) < SMALL ? value : near(fixedSine(value, 0n));
}

const cos = (value: number): number => (Number.isFinite(value) ? near(fixedSine(value, 1n)) : NaN);

function tan(value: number): number {
  if (!Number.isFinite(value)) return NaN;
  return Math.abs(value) < SMALL ? value : near(divided(fixedSine(value, 0n), fixedSine(value, 1n)));
}

function asin(value: number): number {
  if (!(Math.abs(value) <= 1)) return NaN;
  return Math.abs(value) < SMALL ? value : near(fixedAsin(value));
}

function acos(value: number): number {
  if (!(Math.abs(value) <= 1)) return NaN;
  return value === 1 ? 0 : near((pi(BITS) >> 1n) - fixedAsin(value));
}

function fixedAsin(value: number): bigint {
  if (Math.abs(value) === 1) return BigInt(value) * (pi(BITS) >> 1n);
  const sine = fixed(value);
  return fixedAtan(divided(sine, root(ONE - ((sine * sine) >> BITS))));
}

function atan(value: number): number {
  if (Number.isNaN(value) || Math.abs(value) < SMALL) return value;
  return near(fixedAtan(fixed(Math.max(-1e30, Math.min(1e30, value)))));
}

function atan2(y: number, x: number): number {
  if (Number.isNaN(x) || Number.isNaN(y)) return NaN;
  if (Math.abs(x) === Infinity || Math.abs(y) === Infinity) {
    const far = (value: number): number => (backwards(value) ? -1 : 1) * (Math.abs(value) === Infinity ? 1 : 0);
    return atan2(far(y), far(x));
  }
  if (y === 0) return backwards(x) ? (backwards(y) ? -1 : 1) * Math.PI : y;
  const half = pi(BITS) >> 1n;
  const signed = (angle: number): number => (y < 0 ? -angle : angle);
  if (x === 0) return signed(near(half));
  const [[above, below], [over, under]] = [ratio(Math.abs(y)), ratio(Math.abs(x))];
  const [top, bottom] = [above * under, below * over];
  if (x > 0 && top << 28n < bottom) return signed(small(top, bottom));
  const angle = fixedAtan((top << BITS) / bottom);
  return signed(near(x < 0 ? 2n * half - angle : angle));
}

export const CURVES: Readonly<Record<string, Function>> = {
  acos: row('d', (_, value) => acos(value)),
  asin: row('d', (_, value) => asin(value)),
  atan: row('d', (_, value) => atan(value)),
  atan2: row('dd', (_, y, x) => atan2(y, x)),
  cos: row('d', (_, value) => cos(value)),
  exp: row('d', (_, value) => exp(value)),
  exp10: row('d', (_, value) => pow(10, value)),
  log: row('d', (_, value) => logarithm(value, ONE)),
  log10: row('d', (_, value) => logarithm(value, fixedLog(10))),
  pi: row('', () => Math.PI),
  pow: row('dd', (_, base, power) => pow(base, power)),
  sin: row('d', (_, value) => sin(value)),
  tan: row('d', (_, value) => tan(value)),
};

export { acos, asin, cos, sin };
