/** How much of a file is on the server, and a way to pause. */
import { useEffect } from 'preact/hooks';

import { status } from '../../../data/status.ts';
import { followUploads, pauseUploads, resumeUploads, uploads } from '../../../data/uploads.ts';
import type { Upload } from '../../../data/uploads.ts';
import { text } from '../../../text/index.ts';
import { Button } from '../../../ui/task.tsx';
import { sizeText } from '../../../ui/size.ts';

/** One line and a bar about a file of this phone; nothing when the server has it, unless `whole` is to be said too. */
export function Sending({ sha256, whole = false }: { sha256: string; whole?: boolean }) {
  useEffect(() => void followUploads(), []);
  const upload = uploads.value.get(sha256);
  if (upload === undefined || (upload.state === 'whole' && !whole)) return null;
  const { len, sent } = upload;
  return (
    <div class="sending" data-state={upload.state}>
      <p class="sending-line">{lineOf(upload)}</p>
      {upload.state !== 'whole' && <progress max={len} value={sent} aria-label={text('attach.progress')} />}
    </div>
  );
}

/**
 * The button that pauses all uploads, or goes on with them; nothing when there is none to send. Beside one file it is
 * there as long as that one is not whole.
 */
export function PauseUploads({ beside }: { beside?: string }) {
  const { files } = status.value;
  if (files === null || files.count === files.failed) return null;
  if (beside !== undefined && uploads.value.get(beside)?.state === 'whole') return null;
  return (
    <Button look="quiet" onPress={() => void (files.paused ? resumeUploads() : pauseUploads())}>
      {text(files.paused ? 'attach.resume' : 'attach.pause')}
    </Button>
  );
}

function lineOf({ len, sent, state }: Upload): string {
  const parts = { sent: sizeText(sent), len: sizeText(len) };
  switch (state) {
    case 'whole':
      return text('attach.whole');
    case 'failed':
      return text('attach.failed');
    case 'paused':
      return text('attach.paused', parts);
    case 'sending':
      return text('attach.sending', parts);
    case 'waiting':
      return text(status.value.online ? 'attach.queued' : 'attach.waiting', parts);
  }
}
