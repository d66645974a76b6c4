/** A camera for faces: a frame to look through, and a picture taken of what stands in it. */
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';

import { Problem } from '../../data/problem.ts';
import { text } from '../../text/index.ts';
import { Button, ProblemBox, useTask } from '../../ui/task.tsx';
import { photoOf } from './photo.ts';

type Facing = 'environment' | 'user';

export function FaceCamera({ onPhoto }: { onPhoto: (jpeg: Blob) => void }) {
  const video = useRef<HTMLVideoElement>(null);
  const facing = useSignal<Facing>('environment');
  const state = useSignal<'opening' | 'live' | 'none'>('opening');
  const task = useTask();
  useEffect(() => {
    let ended = false;
    let stream: MediaStream | null = null;
    state.value = 'opening';
    openCamera(facing.value).then(
      (opened) => {
        if (ended) return stop(opened);
        stream = opened;
        if (video.current !== null) video.current.srcObject = opened;
      },
      () => {
        if (!ended) state.value = 'none';
      },
    );
    return () => {
      ended = true;
      stop(stream);
    };
  }, [facing.value]);
  const take = () =>
    task.run(async () => {
      const shown = video.current;
      if (shown === null || shown.videoWidth === 0) return;
      onPhoto(await photoOf(shown, { width: shown.videoWidth, height: shown.videoHeight }));
    });
  return (
    <div class="face">
      <div class="face-view" data-state={state.value}>
        <video
          ref={video}
          class={facing.value === 'user' ? 'mirrored' : undefined}
          autoPlay
          muted
          playsInline
          onPlaying={({ currentTarget }) => {
            // It plays before there is a first frame, of which a photo would be black.
            if ('requestVideoFrameCallback' in currentTarget) {
              currentTarget.requestVideoFrameCallback(() => (state.value = 'live'));
            } else state.value = 'live';
          }}
          aria-label={text('verify.camera.view')}
        />
        {state.value === 'none' && <p role="alert">{text('verify.camera.none')}</p>}
      </div>
      <ProblemBox code={task.problem} />
      <div class="actions">
        {state.value === 'live' && (
          <>
            <Button busy={task.busy} onPress={take}>
              {text('verify.camera.take')}
            </Button>
            <Button
              look="quiet"
              onPress={() => (facing.value = facing.value === 'user' ? 'environment' : 'user')}
            >
              {text('verify.camera.turn')}
            </Button>
          </>
        )}
        <PictureFile onPhoto={onPhoto} />
      </div>
    </div>
  );
}

/** Where the browser has no camera for pages, the phone's own camera app takes the picture. */
function PictureFile({ onPhoto }: { onPhoto: (jpeg: Blob) => void }) {
  const task = useTask();
  return (
    <>
      <label class="button quiet pick">
        {text('verify.camera.file')}
        <input
          type="file"
          accept="image/*"
          capture="environment"
          onChange={({ currentTarget }) => {
            const file = currentTarget.files?.[0];
            if (file === undefined) return;
            task.run(async () => {
              currentTarget.value = ''; // the same file may be chosen again
              const picture = await opened(file);
              onPhoto(await photoOf(picture, picture));
            });
          }}
        />
      </label>
      <ProblemBox code={task.problem} />
    </>
  );
}

async function opened(file: Blob): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(file);
  } catch (error) {
    throw new Problem('photo_unreadable', false, String(error));
  }
}

function openCamera(facingMode: Facing): Promise<MediaStream> {
  if (!('mediaDevices' in navigator)) return Promise.reject(new Error('expected a camera'));
  const size = { width: { ideal: 1280 }, height: { ideal: 960 } };
  return navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode, ...size } });
}

function stop(stream: MediaStream | null): void {
  stream?.getTracks().forEach((track) => track.stop());
}
