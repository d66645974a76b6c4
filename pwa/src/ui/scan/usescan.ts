import { useEffect, useRef, useState } from 'preact/hooks';

import type { Camera } from './camera.ts';
import type { Codes } from './job.ts';
import { Session } from './session.ts';
import type { ScanTrouble } from './session.ts';

interface Wanted {
  video: { current: HTMLVideoElement | null };
  onText: (text: string) => void;
  paused: boolean;
  turn: number | string;
  codes: Codes;
}

export interface Scan {
  camera: Camera | null;
  trouble: ScanTrouble | null;
  readFile: (file: Blob) => Promise<string | null>;
  /** Try to open the camera once more. */
  again: () => void;
}

/** Scan with the camera for as long as the component is on the screen and the app is in sight. */
export function useScan({ video, onText, paused, turn, codes }: Wanted): Scan {
  const [camera, setCamera] = useState<Camera | null>(null);
  const [trouble, setTrouble] = useState<ScanTrouble | null>(null);
  const session = useRef<Session | null>(null);
  const latest = useRef(onText);
  latest.current = onText;

  useEffect(() => {
    if (video.current === null) return;
    const told = { onText: (text: string) => latest.current(text), onCamera: setCamera, onTrouble: setTrouble };
    const own = new Session(video.current, told, codes);
    session.current = own;
    // A camera that nobody looks at is off, and other apps may have it.
    const look = (): void => {
      if (document.visibilityState === 'hidden') own.close();
      else void own.open();
    };
    document.addEventListener('visibilitychange', look);
    look();
    return () => {
      document.removeEventListener('visibilitychange', look);
      own.end();
    };
  }, [video, codes]);
  useEffect(() => {
    if (session.current !== null) session.current.paused = paused;
  }, [paused]);
  useEffect(() => session.current?.forget(), [turn]);

  return {
    camera,
    trouble,
    readFile: async (file) => (await session.current?.readFile(file)) ?? null,
    again: () => void session.current?.open(),
  };
}
