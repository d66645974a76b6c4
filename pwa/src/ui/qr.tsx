/** A QR code, drawn as one shape. */
import { encode } from 'uqr';

/** Modules of white around the code that every reader may count on (ISO/IEC 18004, 9.1). */
const QUIET = 4;

interface QrProps {
  text: string;
  /** What a screen reader says of it. */
  label: string;
}

/** Error correction M; black on white also where the app is dark, because many readers know no other. */
export function Qr({ text, label }: QrProps) {
  const { size, data } = encode(text, { ecc: 'M', border: 0 });
  const side = size + 2 * QUIET;
  return (
    <svg class="qr" viewBox={`0 0 ${side} ${side}`} shape-rendering="crispEdges" role="img" aria-label={label}>
      <rect width={side} height={side} fill="#fff" />
      <path d={darkPath(data)} fill="#000" />
    </svg>
  );
}

/** The dark modules as an SVG path: one rectangle for each run in a row. */
export function darkPath(rows: readonly (readonly boolean[])[]): string {
  let path = '';
  for (const [y, row] of rows.entries()) {
    for (let x = 0; x < row.length; x += 1) {
      if (row[x] !== true) continue;
      const from = x;
      while (row[x + 1] === true) x += 1;
      const width = x + 1 - from;
      path += `M${from + QUIET} ${y + QUIET}h${width}v1h-${width}z`;
    }
  }
  return path;
}
