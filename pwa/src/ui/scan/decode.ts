/** Finding a QR code in pixels, with zxing-cpp compiled to WebAssembly. Loaded only where something is scanned. */
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import type { ReaderOptions } from 'zxing-wasm/reader';
import wasm from 'zxing-wasm/reader/zxing_reader.wasm?url';

// Without this it would come from somebody else's server.
prepareZXingModule({ overrides: { locateFile: () => wasm } });

const FAST: ReaderOptions = {
  formats: ['QRCode'],
  maxNumberOfSymbols: 1,
  textMode: 'Plain',
  characterSet: 'UTF8',
  tryHarder: false,
  tryRotate: false,
  tryInvert: false,
  tryDownscale: false,
};
const HARDER: ReaderOptions = { ...FAST, tryHarder: true, tryRotate: true, tryInvert: true, tryDownscale: true };

/** Return the text of a QR code in these pixels, or null. */
export async function decode(pixels: ImageData, harder: boolean): Promise<string | null> {
  const [found] = await readBarcodes(pixels, harder ? HARDER : FAST);
  return found?.text ?? null;
}
