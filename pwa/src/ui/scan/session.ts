/** The life of a scanner: the camera opens and closes, frames are read one at a time, what is found is told once. */
import { closeCamera, openCamera, troubleOf } from './camera.ts';
import type { Camera, CameraTrouble } from './camera.ts';
import type { Codes } from './job.ts';
import { Once } from './once.ts';
import { Reader } from './reader.ts';

/** `reader`: the part of the app that reads codes could not be loaded. */
export type ScanTrouble = CameraTrouble | 'reader';

interface Listener {
  onText: (text: string) => void;
  onCamera: (camera: Camera | null) => void;
  onTrouble: (trouble: ScanTrouble | null) => void;
}

/** Ms between the beginnings of two readings at least: more would only warm the phone. */
const PACE = 60;
/** A video may never have another frame; then it is looked at again all the same. */
const PATIENCE = 250;

/** One scanner on the screen. */
export class Session {
  /** The picture goes on, but nothing is read. */
  paused = false;

  private readonly view: HTMLVideoElement;
  private readonly listener: Listener;
  private readonly codes: Codes;
  private readonly once = new Once();
  private reader: Promise<Reader> | null = null;
  private camera: Camera | null = null;
  /** Counts openings and closings: what an earlier one still brings is not wanted any more. */
  private turn = 0;

  constructor(view: HTMLVideoElement, listener: Listener, codes: Codes = 'qr') {
    this.view = view;
    this.listener = listener;
    this.codes = codes;
  }

  /** Open the camera and read what it sees, until `close`. */
  async open(): Promise<void> {
    this.close();
    const { turn } = this;
    try {
      const camera = await openCamera();
      if (this.turn !== turn) return closeCamera(camera);
      this.camera = camera;
      camera.stream.getVideoTracks()[0]?.addEventListener('ended', () => this.fail(turn, 'busy'));
      this.view.srcObject = camera.stream;
      this.listener.onTrouble(null);
      this.listener.onCamera(camera);
      await this.view.play().catch(() => undefined); // without frames there is nothing to read, and it shows
    } catch (error) {
      return this.fail(turn, troubleOf(error));
    }
    try {
      await this.watch(turn);
    } catch (error) {
      if (this.turn === turn) reportError(error);
      this.fail(turn, 'reader');
    }
  }

  /** Let go of the camera; `open` may be called again. */
  close(): void {
    this.turn += 1;
    if (this.camera === null) return;
    closeCamera(this.camera);
    this.camera = null;
    this.view.srcObject = null;
    this.listener.onCamera(null);
  }

  /** Let go of everything. */
  end(): void {
    this.close();
    void this.reader?.then((reader) => reader.close());
    this.reader = null;
  }

  /** Report what is in view anew. */
  forget(): void {
    this.once.forget();
  }

  /** Return the text of a code in a picture, or null. Throws when the file is no picture. */
  async readFile(file: Blob): Promise<string | null> {
    return (await this.opened()).readFile(file);
  }

  private opened(): Promise<Reader> {
    return (this.reader ??= Reader.open(this.codes));
  }

  private async watch(turn: number): Promise<void> {
    const reader = await this.opened();
    while (this.turn === turn) {
      const began = performance.now();
      if (!this.paused && this.view.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) {
        this.take(turn, await reader.readFrame(this.view));
      }
      await nextFrame(this.view, PACE - (performance.now() - began));
    }
  }

  private take(turn: number, text: string | null): void {
    // What comes after a pause has begun was not meant any more.
    if (text === null || this.turn !== turn || this.paused) return;
    if (this.once.isNew(text, performance.now())) this.listener.onText(text);
  }

  private fail(turn: number, trouble: ScanTrouble): void {
    if (this.turn !== turn) return;
    this.close();
    this.listener.onTrouble(trouble);
  }
}

async function nextFrame(video: HTMLVideoElement, ms: number): Promise<void> {
  if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
  await new Promise<void>((resolve) => {
    const late = setTimeout(resolve, PATIENCE);
    if (!('requestVideoFrameCallback' in video)) return; // an old Firefox looks four times a second
    video.requestVideoFrameCallback(() => {
      clearTimeout(late);
      resolve();
    });
  });
}
