/** The camera: opened, lit and zoomed as far as the phone lets us. */

/** Why there is no picture. */
export type CameraTrouble = 'refused' | 'missing' | 'busy' | 'unsupported';

export interface Camera {
  stream: MediaStream;
  torch: boolean;
  zoom: { min: number; max: number; step: number } | null;
}

/** Image Capture (W3C): what TypeScript does not know of a camera's track. */
interface Capabilities extends MediaTrackCapabilities {
  torch?: boolean;
  zoom?: { min: number; max: number; step: number };
  focusMode?: string[];
}

/** By the name of the browser's error (Media Capture and Streams, 10.2.1). */
const TROUBLES: Readonly<Record<string, CameraTrouble>> = {
  NotAllowedError: 'refused',
  SecurityError: 'refused',
  NotFoundError: 'missing',
  OverconstrainedError: 'missing',
  NotReadableError: 'busy',
  AbortError: 'busy',
};

/**
 * Large enough for a version 14 code held at arm's length, small enough for a cheap phone. Chrome lets only those zoom
 * who ask for it at once; others take no notice.
 */
const WANTED: MediaTrackConstraints & { zoom: boolean } = {
  facingMode: { ideal: 'environment' },
  width: { ideal: 1280 },
  height: { ideal: 720 },
  zoom: true,
};

/** Open the camera at the back, or any. Throws the browser's `DOMException`. */
export async function openCamera(): Promise<Camera> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: WANTED });
  const can = capabilities(stream);
  if (can.focusMode?.includes('continuous') === true) await set(stream, { focusMode: 'continuous' });
  const zoom = can.zoom !== undefined && can.zoom.max > can.zoom.min ? can.zoom : null;
  return { stream, torch: can.torch === true, zoom };
}

export function troubleOf(error: unknown): CameraTrouble {
  if (!(error instanceof DOMException)) return 'unsupported'; // no camera API: an insecure page, or an old browser
  return TROUBLES[error.name] ?? 'busy';
}

export function setTorch({ stream }: Camera, torch: boolean): Promise<void> {
  return set(stream, { torch });
}

export function setZoom({ stream }: Camera, zoom: number): Promise<void> {
  return set(stream, { zoom });
}

export function closeCamera({ stream }: Camera): void {
  for (const track of stream.getTracks()) track.stop();
}

function capabilities(stream: MediaStream): Capabilities {
  const [track] = stream.getVideoTracks();
  // Firefox has learnt it late.
  if (track === undefined || !('getCapabilities' in track)) return {};
  return track.getCapabilities();
}

/** What the camera won't do is no reason to stop looking. */
async function set(stream: MediaStream, wish: { torch?: boolean; zoom?: number; focusMode?: string }): Promise<void> {
  const [track] = stream.getVideoTracks();
  await track?.applyConstraints({ advanced: [wish as MediaTrackConstraintSet] }).catch(() => undefined);
}
