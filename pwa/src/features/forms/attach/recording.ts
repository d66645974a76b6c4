/** Recording sound with the phone's microphone. */
import { useSignal } from '@preact/signals';
import type { ReadonlySignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';

import { Problem } from '../../../data/problem.ts';

/** Speech needs no more; an hour of it is 10 MB. */
const BITS_A_SECOND = 24_000;
const EVERY = 1000;

export interface Recording {
  /** Seconds so far; null while nothing is recorded. */
  seconds: ReadonlySignal<number | null>;
  /** Ask for the microphone and begin. Throws `microphone`. */
  start: () => Promise<void>;
  /** End, and return what was recorded. */
  stop: () => Promise<Blob>;
}

export function canRecord(): boolean {
  return 'MediaRecorder' in window && 'mediaDevices' in navigator;
}

interface Running {
  recorder: MediaRecorder;
  parts: Blob[];
  timer: ReturnType<typeof setInterval>;
}

/** Return a recorder; leaving the screen ends a recording and lets go of the microphone. */
export function useRecording(): Recording {
  const seconds = useSignal<number | null>(null);
  const current = useRef<Running | null>(null);
  const letGo = () => {
    const now = current.current;
    current.current = null;
    seconds.value = null;
    if (now === null) return;
    clearInterval(now.timer);
    for (const track of now.recorder.stream.getTracks()) track.stop();
  };
  useEffect(() => letGo, []);
  return {
    seconds,
    async start() {
      const stream = await microphone();
      const recorder = new MediaRecorder(stream, { audioBitsPerSecond: BITS_A_SECOND });
      const parts: Blob[] = [];
      recorder.ondataavailable = ({ data }) => parts.push(data);
      recorder.start(EVERY);
      seconds.value = 0;
      const timer = setInterval(() => (seconds.value = (seconds.peek() ?? 0) + 1), EVERY);
      current.current = { recorder, parts, timer };
    },
    stop() {
      const now = current.current;
      if (now === null) throw new Problem('microphone', false, 'expected a recording that goes on');
      const { recorder, parts } = now;
      return new Promise((resolve) => {
        recorder.onstop = () => {
          resolve(new Blob(parts, { type: recorder.mimeType }));
          letGo();
        };
        recorder.stop();
      });
    },
  };
}

async function microphone(): Promise<MediaStream> {
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: true });
  } catch (error) {
    throw new Problem('microphone', false, String(error));
  }
}
