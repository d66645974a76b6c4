/** Finding a code in a picture, with zxing-cpp compiled to WebAssembly. Loaded only where something is scanned. */
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import type { ReaderOptions } from 'zxing-wasm/reader';
import wasm from 'zxing-wasm/reader/zxing_reader.wasm?url';

import type { Codes, ReadJob } from './job.ts';

// Without this it would come from somebody else's server.
prepareZXingModule({ overrides: { locateFile: () => wasm } });

const FAST: ReaderOptions = {
  maxNumberOfSymbols: 1,
  textMode: 'Plain',
  characterSet: 'UTF8',
  tryHarder: false,
  tryRotate: false,
  tryInvert: false,
  tryDownscale: false,
};
const LINEAR = ['Code128', 'Code39', 'Code93', 'Codabar', 'ITF', 'EANUPC'] as const;
const FORMATS = {
  qr: ['QRCode'],
  all: ['QRCode', 'DataMatrix', 'Aztec', 'PDF417', ...LINEAR],
} satisfies Record<Codes, ReaderOptions['formats']>;
const HARDER: ReaderOptions = { ...FAST, tryHarder: true, tryRotate: true, tryInvert: true, tryDownscale: true };

let canvas: OffscreenCanvas | null = null;

/** Return the text of a code in a picture, or null. */
export async function decode({ picture, sides, harder, codes }: Omit<ReadJob, 'id'>): Promise<string | null> {
  if (!('close' in picture)) return find(picture, harder, codes);
  for (const side of sides) {
    const text = await find(pixels(picture, side), harder, codes);
    if (text !== null) return text;
  }
  return null;
}

async function find(pixels: ImageData, harder: boolean, codes: Codes): Promise<string | null> {
  const [found] = await readBarcodes(pixels, { ...(harder ? HARDER : FAST), formats: FORMATS[codes] });
  return found?.text ?? null;
}

/** The pixels of a picture, made smaller so that its longer side is `side` px; it is never made larger. */
function pixels(picture: ImageBitmap, side: number): ImageData {
  const scale = Math.min(1, side / Math.max(picture.width, picture.height));
  const width = Math.max(1, Math.round(picture.width * scale));
  const height = Math.max(1, Math.round(picture.height * scale));
  canvas ??= new OffscreenCanvas(width, height);
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) throw new Error('expected a 2D canvas');
  context.drawImage(picture, 0, 0, width, height);
  return context.getImageData(0, 0, width, height);
}
