/** The camera as a scanner of codes, with a way for those without one: a picture from a file. */
import { useEffect, useRef, useState } from 'preact/hooks';

import { openTexts, text } from '../../text/index.ts';
import { Button } from '../task.tsx';
import { setTorch, setZoom } from './camera.ts';
import type { Camera } from './camera.ts';
import { FilePick } from './file.tsx';
import type { Codes } from './job.ts';
import { usePinch } from './pinch.ts';
import type { ScanTrouble } from './session.ts';
import { useScan } from './usescan.ts';

interface ScannerProps {
  /** Called once for each code, and again for the same one when it has been out of view for 2.5 s. */
  onText: (text: string) => void;
  /** The picture goes on, but nothing is read. */
  paused?: boolean;
  /** Whenever this changes, what is in view is reported anew. */
  turn?: number | string;
  /** Which codes it reads. */
  codes?: Codes;
}

/** Opens the camera at once, closes it when it leaves the screen or the app is hidden. */
export function Scanner({ onText, paused = false, turn = 0, codes = 'qr' }: ScannerProps) {
  const [worded, setWorded] = useState(false);
  useEffect(() => void openTexts('scan').then(() => setWorded(true)), []);
  const video = useRef<HTMLVideoElement>(null);
  const { camera, trouble, readFile, again } = useScan({ video, onText, paused, turn, codes });
  return (
    <div class="scanner">
      <div class="scanner-view" data-testid="scanner" data-state={trouble ?? (camera === null ? 'opening' : 'live')}>
        <video ref={video} muted playsInline aria-hidden="true" tabIndex={-1} />
        {camera !== null && <span class="scanner-frame" aria-hidden="true" />}
        {worded && trouble !== null && <Trouble trouble={trouble} onAgain={again} />}
      </div>
      {worded && (
        <div class="scanner-tools">
          {camera !== null && <Controls camera={camera} video={video} />}
          <FilePick read={readFile} onText={onText} />
        </div>
      )}
    </div>
  );
}

/** Says why there is no picture and what to do; the file is always there as another way. */
function Trouble({ trouble, onAgain }: { trouble: ScanTrouble; onAgain: () => void }) {
  return (
    <div class="scanner-trouble" role="alert">
      <p class="scanner-title">{text(`scan.${trouble}.title`)}</p>
      <p>{text(`scan.${trouble}.body`)}</p>
      {trouble !== 'unsupported' && (
        <Button look="second" onPress={onAgain}>
          {text('scan.again')}
        </Button>
      )}
    </div>
  );
}

interface ControlsProps {
  camera: Camera;
  video: { current: HTMLVideoElement | null };
}

/** Light and zoom, where the camera has them. */
function Controls({ camera, video }: ControlsProps) {
  const [lit, setLit] = useState(false);
  const [zoom, put] = useState(camera.zoom?.min ?? 1);
  const change = (to: number): void => {
    if (camera.zoom === null) return;
    const fitting = Math.min(camera.zoom.max, Math.max(camera.zoom.min, to));
    put(fitting);
    void setZoom(camera, fitting);
  };
  usePinch(video, camera.zoom === null ? null : (by) => change(zoom * by));
  return (
    <>
      {camera.torch && (
        <button
          type="button"
          class="button second"
          aria-pressed={lit}
          onClick={() => {
            setLit(!lit);
            void setTorch(camera, !lit);
          }}
        >
          {text('scan.torch')}
        </button>
      )}
      {camera.zoom !== null && (
        <label class="scanner-zoom">
          <span>{text('scan.zoom')}</span>
          <input
            type="range"
            min={camera.zoom.min}
            max={Math.min(camera.zoom.max, camera.zoom.min * 8)}
            step={camera.zoom.step || 0.1}
            value={zoom}
            onInput={(event) => change(Number(event.currentTarget.value))}
          />
        </label>
      )}
    </>
  );
}
