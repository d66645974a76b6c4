/** A picture as the small JPEG that an identity carries. */
import { Problem } from '../../data/problem.ts';
import { crop, PHOTO, PHOTO_BYTES } from './desk-model.ts';

/** From good to just recognisable; the first that fits is taken. */
const QUALITIES = [0.9, 0.8, 0.7, 0.55, 0.4, 0.25] as const;

/** Of 255; nobody is known again on a darker picture. */
const DARK = 20;
/** One pixel in so many is looked at. */
const STRIDE = 37;

/** Cut a picture to the photo's shape and size. Throws `photo_dark` when there is nothing to see on it. */
export async function photoOf(
  picture: CanvasImageSource,
  { width, height }: { width: number; height: number },
): Promise<Blob> {
  const canvas = document.createElement('canvas');
  canvas.width = PHOTO.width;
  canvas.height = PHOTO.height;
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('expected a canvas to draw on');
  const part = crop(width, height);
  context.imageSmoothingQuality = 'high';
  context.drawImage(picture, part.x, part.y, part.width, part.height, 0, 0, PHOTO.width, PHOTO.height);
  if (brightness(context) < DARK) throw new Problem('photo_dark', false, 'expected a picture with some light in it');
  for (const quality of QUALITIES) {
    const jpeg = await jpegOf(canvas, quality);
    if (jpeg.size <= PHOTO_BYTES) return jpeg;
  }
  throw new Error(`expected a JPEG of at most ${PHOTO_BYTES} bytes`);
}

function jpegOf(canvas: HTMLCanvasElement, quality: number): Promise<Blob> {
  return new Promise((resolve, reject) =>
    canvas.toBlob(
      (blob) => (blob === null ? reject(new Error('expected a JPEG')) : resolve(blob)),
      'image/jpeg',
      quality,
    ),
  );
}

/** How bright a picture is on average, from 0 to 255. */
function brightness(context: CanvasRenderingContext2D): number {
  const { data } = context.getImageData(0, 0, PHOTO.width, PHOTO.height);
  let sum = 0;
  let seen = 0;
  for (let at = 0; at < data.length; at += 4 * STRIDE) {
    sum += Math.max(data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0);
    seen += 1;
  }
  return sum / seen;
}
