/** The worker that reads codes, so that the screen stays smooth. */
import { decode } from './decode.ts';
import type { ReadJob, ReadResult } from './job.ts';

let canvas: OffscreenCanvas | null = null;

addEventListener('message', (event: MessageEvent<ReadJob>) => void answer(event.data));

async function answer(job: ReadJob): Promise<void> {
  try {
    say({ id: job.id, text: await look(job) });
  } catch (error) {
    say({ id: job.id, failed: String(error) });
  } finally {
    if ('close' in job.picture) job.picture.close();
  }
}

async function look({ picture, sides, harder }: ReadJob): Promise<string | null> {
  if (!('close' in picture)) return decode(picture, harder);
  for (const side of sides) {
    const text = await decode(pixels(picture, side), harder);
    if (text !== null) return text;
  }
  return null;
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

function say(result: ReadResult): void {
  postMessage(result);
}
