/** A photo made small enough to be sent: a JPEG without what the camera wrote beside it, its place above all. */
import { Problem } from '../../../data/problem.ts';

/** Of the longer side, in pixels, where the form asks for nothing else. */
export const LONGEST = 2048;
const QUALITY = 0.85;

/** Return the size of a picture whose longer side has at most `most` pixels. */
export function within(most: number, width: number, height: number): { width: number; height: number } {
  const scale = Math.min(1, most / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/**
 * Draw a picture anew, upright, with at most `most` pixels a side. Throws `image_unreadable` for one that this browser
 * can't open: HEIC from an iPhone in most others, raw files, files that are no pictures.
 */
export async function shrunk(picture: Blob, most = LONGEST): Promise<Blob> {
  const bitmap = await opened(picture);
  const canvas = document.createElement('canvas');
  Object.assign(canvas, within(most, bitmap.width, bitmap.height));
  const context = canvas.getContext('2d');
  if (context === null) throw new Problem('image_unreadable', false, 'expected a canvas to draw on');
  context.fillStyle = '#fff'; // a JPEG has no transparency
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  const jpeg = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', QUALITY));
  // Old phones hold on to a canvas's memory otherwise.
  canvas.width = 0;
  if (jpeg === null) throw new Problem('image_unreadable', false, 'expected a JPEG of the canvas');
  return jpeg;
}

/** The name of the JPEG that comes of a picture. */
export function jpegName(name: string): string {
  return `${name.replace(/\.[^.]*$/, '') || 'image'}.jpg`;
}

async function opened(picture: Blob): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(picture, { imageOrientation: 'from-image' });
  } catch {
    throw new Problem('image_unreadable', false, `expected a picture that this browser opens, got ${picture.type}`);
  }
}
