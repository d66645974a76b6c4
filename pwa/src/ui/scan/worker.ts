/** The worker that reads codes, so that the screen stays smooth. */
import { decode } from './decode.ts';
import type { ReadJob, ReadResult } from './job.ts';

addEventListener('message', (event: MessageEvent<ReadJob>) => void answer(event.data));

async function answer(job: ReadJob): Promise<void> {
  try {
    say({ id: job.id, text: await decode(job) });
  } catch (error) {
    say({ id: job.id, failed: String(error) });
  } finally {
    if ('close' in job.picture) job.picture.close();
  }
}

function say(result: ReadResult): void {
  postMessage(result);
}
