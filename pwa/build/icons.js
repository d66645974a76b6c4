/**
 * Draws the app's icons into public/icons: a door that stands open, in the app's one strong colour.
 *
 * Run by hand when the drawing changes (`node build/icons.js`); the PNGs are committed. Needs nothing but Node: shapes
 * are polygons, sampled 16 times a pixel, and PNG is written as RFC 2083 says.
 */

import { Buffer } from 'node:buffer';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { crc32, deflateSync } from 'node:zlib';

const OUT = path.join(import.meta.dirname, '..', 'public', 'icons');
const GREEN = [11, 93, 78];
const WHITE = [255, 255, 255];
const GOLD = [255, 205, 64];
const SAMPLES = 4;

/** Shapes in a square of side 1, later ones on top. */
const DOOR = [
  { colour: WHITE, points: [[0.26, 0.8], [0.26, 0.2], [0.74, 0.2], [0.74, 0.8]] },
  { colour: GREEN, points: [[0.32, 0.8], [0.32, 0.26], [0.68, 0.26], [0.68, 0.8]] },
  { colour: GOLD, points: [[0.32, 0.8], [0.32, 0.26], [0.54, 0.34], [0.54, 0.88]] },
  { colour: GREEN, points: [[0.47, 0.56], [0.5, 0.57], [0.5, 0.63], [0.47, 0.62]] },
];

function inside(points, x, y) {
  let odd = false;
  for (let i = 0, j = points.length - 1; i < points.length; j = i, i += 1) {
    const [[ax, ay], [bx, by]] = [points[i], points[j]];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) odd = !odd;
  }
  return odd;
}

/** The colour and opacity at a point. `corner` is the radius of the background's corners; `scale` that of the door. */
function colourAt(x, y, { corner, scale }) {
  const dx = Math.max(corner - x, x - 1 + corner, 0);
  const dy = Math.max(corner - y, y - 1 + corner, 0);
  if (dx * dx + dy * dy > corner * corner && corner > 0) return [0, 0, 0, 0];
  const [u, v] = [(x - 0.5) / scale + 0.5, (y - 0.5) / scale + 0.47];
  const top = DOOR.findLast(({ points }) => inside(points, u, v + 0.03));
  return [...(top?.colour ?? GREEN), 255];
}

function pixels(size, look) {
  const rows = Buffer.alloc(size * (size * 4 + 1));
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      const sum = [0, 0, 0, 0];
      for (let s = 0; s < SAMPLES * SAMPLES; s += 1) {
        const [sx, sy] = [(s % SAMPLES) + 0.5, Math.floor(s / SAMPLES) + 0.5];
        const [r, g, b, a] = colourAt((x + sx / SAMPLES) / size, (y + sy / SAMPLES) / size, look);
        [r * a, g * a, b * a, a].forEach((part, index) => (sum[index] += part));
      }
      const at = y * (size * 4 + 1) + 1 + x * 4;
      for (let index = 0; index < 3; index += 1) rows[at + index] = sum[3] === 0 ? 0 : Math.round(sum[index] / sum[3]);
      rows[at + 3] = Math.round(sum[3] / (SAMPLES * SAMPLES));
    }
  }
  return rows;
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  const check = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

function png(size, look) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 6, 0, 0, 0], 8);
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  const data = deflateSync(pixels(size, look), { level: 9 });
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))]);
}

mkdirSync(OUT, { recursive: true });
const round = { corner: 0.2, scale: 1 };
writeFileSync(path.join(OUT, '192.png'), png(192, round));
writeFileSync(path.join(OUT, '512.png'), png(512, round));
writeFileSync(path.join(OUT, 'maskable-512.png'), png(512, { corner: 0, scale: 0.8 }));
writeFileSync(path.join(OUT, 'apple-touch-icon.png'), png(180, { corner: 0, scale: 0.9 }));
