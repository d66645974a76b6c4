/** Reading codes: with the phone's own detector where it has one for QR codes, else with ours in a worker. */
import type { Codes, ReadJob, ReadResult } from './job.ts';

/** Barcode Detection API (WICG), which TypeScript does not know. */
interface Detector {
  detect: (source: ImageBitmapSource) => Promise<readonly { rawValue: string }[]>;
}
interface DetectorClass {
  new (options: { formats: readonly string[] }): Detector;
  getSupportedFormats: () => Promise<readonly string[]>;
}

/** How frames are looked at, in turn: quickly, then thoroughly. */
export const LOOKS = [
  { sides: [640], harder: false },
  { sides: [1280], harder: true },
] as const;
/** A photo of a whole letter has a small code in it, one of a screen a huge one. */
const PHOTO = [1280, 640, 2560, 320, 4096];

export class Reader {
  private detector: Detector | null = null;
  private worker: Worker | null = null;
  private readonly waiting = new Map<number, (result: ReadResult) => void>();
  private count = 0;
  private readonly codes: Codes;

  private constructor(codes: Codes) {
    this.codes = codes;
  }

  /** Get ready. */
  static async open(codes: Codes = 'qr'): Promise<Reader> {
    const reader = new Reader(codes);
    reader.detector = await nativeDetector(codes);
    if (reader.detector === null) reader.startWorker();
    return reader;
  }

  /** Return the text of a code in a frame, or null. One at a time: a frame that comes meanwhile is to be dropped. */
  async readFrame(video: HTMLVideoElement): Promise<string | null> {
    if (this.detector !== null) {
      try {
        const [found] = await this.detector.detect(video);
        return found?.rawValue ?? null;
      } catch {
        this.detector = null; // some phones promise one and have none
      }
    }
    const { sides, harder } = LOOKS[this.count % 2 === 0 ? 0 : 1];
    const picture = typeof OffscreenCanvas === 'undefined' ? framePixels(video, sides) : await createImageBitmap(video);
    return this.ask(picture, sides, harder);
  }

  /** Return the text of a code in a photo or screenshot, or null. Throws when the file is no picture. */
  async readFile(file: Blob): Promise<string | null> {
    const picture = await createImageBitmap(file);
    if (typeof OffscreenCanvas !== 'undefined') return this.ask(picture, PHOTO, true);
    for (const side of PHOTO) {
      const text = await this.ask(framePixels(picture, [side]), [side], true);
      if (text !== null) return text;
    }
    return null;
  }

  close(): void {
    this.worker?.terminate();
    this.worker = null;
  }

  private startWorker(): Worker {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
    worker.onmessage = ({ data }: MessageEvent<ReadResult>) => this.settle(data);
    worker.onerror = (event) => {
      event.preventDefault();
      for (const id of this.waiting.keys()) this.settle({ id, failed: event.message });
    };
    this.worker = worker;
    return worker;
  }

  private async ask(picture: ReadJob['picture'], sides: readonly number[], harder: boolean): Promise<string | null> {
    const worker = this.worker ?? this.startWorker();
    const id = (this.count += 1);
    const answered = new Promise<ReadResult>((resolve) => this.waiting.set(id, resolve));
    const job: ReadJob = { id, picture, sides, harder, codes: this.codes };
    worker.postMessage(job, ['close' in picture ? picture : picture.data.buffer]);
    const result = await answered;
    if ('failed' in result) throw new Error(`expected a reader of codes: ${result.failed}`);
    return result.text;
  }

  private settle(result: ReadResult): void {
    this.waiting.get(result.id)?.(result);
    this.waiting.delete(result.id);
  }
}

async function nativeDetector(codes: Codes): Promise<Detector | null> {
  const { BarcodeDetector: Native } = globalThis as { BarcodeDetector?: DetectorClass };
  if (Native === undefined) return null;
  try {
    const formats = await Native.getSupportedFormats();
    if (!formats.includes('qr_code')) return null;
    return new Native({ formats: codes === 'qr' ? ['qr_code'] : formats });
  } catch {
    return null;
  }
}

/** For browsers whose workers can't draw. */
function framePixels(source: HTMLVideoElement | ImageBitmap, [side = 640]: readonly number[]): ImageData {
  const isVideo = source instanceof HTMLVideoElement;
  const [w, h] = isVideo ? [source.videoWidth, source.videoHeight] : [source.width, source.height];
  const scale = Math.min(1, side / Math.max(w, h));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(w * scale));
  canvas.height = Math.max(1, Math.round(h * scale));
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) throw new Error('expected a 2D canvas');
  context.drawImage(source, 0, 0, canvas.width, canvas.height);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}
