/** Distances and areas on Earth, taken as a sphere of its radius at the Equator. `ground.py` is its twin. */
import { asin, cos, sin } from './curves.ts';
import { rounded } from './numbers.ts';
import type { Frame, Meter } from './scope.ts';
import { ANY, type Function, row } from './table.ts';
import { number } from './values.ts';

const RADIUS = 6_378_100; // metres
const COST = 100; // steps a point: sines are dear

/** Radians. */
interface Point {
  readonly latitude: number;
  readonly longitude: number;
}
type Lists = readonly (readonly string[])[];

function pointsOf(text: string, meter: Meter): (Point | undefined)[] {
  const parts = text
    .replace(/^[ \t\r\n;]+/, '')
    .replace(/[ \t\r\n;]+$/, '')
    .split(';');
  meter.spend(COST * parts.length);
  return parts.map((part) => pointOf(part.match(/[^ \t\r\n]+/g) ?? []));
}

/** A geopoint: latitude, longitude, and perhaps altitude and accuracy; undefined for what is none. */
function pointOf(parts: readonly string[]): Point | undefined {
  const degrees = parts.map((part) => number(part));
  const [latitude = NaN, longitude = NaN] = degrees;
  if (degrees.length > 4 || degrees.some(Number.isNaN)) return undefined;
  if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) return undefined;
  return { latitude: (latitude * Math.PI) / 180, longitude: (longitude * Math.PI) / 180 };
}

function known({ meter }: Frame, lists: Lists): Point[] | undefined {
  const points = lists.flat().flatMap((text) => pointsOf(text, meter));
  const found = points.filter((point) => point !== undefined);
  return found.length === points.length ? found : undefined;
}

/** Metres along the points, to the centimetre; NaN if one of them is none. */
function distance(frame: Frame, lists: Lists): number {
  const points = known(frame, lists);
  if (!points) return NaN;
  let metres = 0;
  points.slice(1).forEach((other, index) => {
    const one = points[index] ?? other;
    const half = sin((other.latitude - one.latitude) / 2);
    const side = sin((other.longitude - one.longitude) / 2);
    const chord = half * half + cos(one.latitude) * cos(other.latitude) * (side * side);
    metres += 2 * RADIUS * asin(Math.min(1, Math.sqrt(chord)));
  });
  return rounded(metres, 2);
}

/** Square metres within the points, to the square centimetre (Chamberlain and Duquette, 2007). */
function area(frame: Frame, lists: Lists): number {
  const points = known(frame, lists);
  if (!points) return NaN;
  if (points.length < 3) return 0;
  let doubled = 0;
  points.forEach((one, index) => {
    const other = points[(index + 1) % points.length] ?? one;
    doubled += (other.longitude - one.longitude) * (2 + sin(one.latitude) + sin(other.latitude));
  });
  return rounded(Math.abs((doubled * RADIUS * RADIUS) / 2), 2);
}

export const GROUND: Readonly<Record<string, Function>> = {
  area: row('T', (frame, ...lists: Lists) => area(frame, lists), { most: ANY }),
  distance: row('T', (frame, ...lists: Lists) => distance(frame, lists), { most: ANY }),
};
