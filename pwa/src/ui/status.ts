import { count, problemText, text } from '../text/index.ts';
import { clockTime } from '../text/time.ts';

/** What is known about the network and what waits to be sent. */
export interface NetworkFacts {
  online: boolean;
  unsent: number;
  sentAt: number | null;
  attention: number;
  /** What of files is on its way; null when none is. */
  files?: { sent: number; len: number; paused: boolean } | null;
  /** The code of what keeps things from being sent. */
  trouble: string | null;
}

export interface NetworkLine {
  tone: 'quiet' | 'sent' | 'waits' | 'attention';
  message: string;
  /** There is more to see in the outbox. */
  more: boolean;
}

/** Return the one sentence that is true now, the most pressing first. */
export function networkLine({ online, unsent, sentAt, attention, trouble, files = null }: NetworkFacts): NetworkLine {
  if (attention > 0) return { tone: 'attention', message: count('status.attention', attention), more: true };
  const more = unsent > 0;
  if (!online) {
    const message = more ? count('status.offline.unsent', unsent) : text('status.offline');
    return { tone: more ? 'waits' : 'quiet', message, more };
  }
  if (trouble === 'network') {
    const message = more ? count('status.unreachable.unsent', unsent) : text('status.unreachable');
    return { tone: more ? 'waits' : 'quiet', message, more };
  }
  if (more && trouble !== null) {
    return { tone: 'waits', message: `${count('status.unsent', unsent)}. ${problemText(trouble)}`, more };
  }
  if (files !== null) return { tone: 'waits', message: filesLine(files), more: true };
  if (more) return { tone: 'waits', message: count('status.unsent', unsent), more };
  if (sentAt !== null) return { tone: 'sent', message: text('status.sent', { time: clockTime(sentAt) }), more };
  return { tone: 'quiet', message: text('status.online'), more };
}

function filesLine({ sent, len, paused }: NonNullable<NetworkFacts['files']>): string {
  const percent = Math.floor((100 * sent) / Math.max(1, len));
  return text(paused ? 'status.files.paused' : 'status.files', { percent });
}
