/** What the worker does in the background, when no page is open any more. */

import { exchange } from './exchange.ts';
import { mayRetry, Problem } from './problem.ts';
import { sendFiles } from './uploads.ts';

/** Send what waits, files too; whether to come again is for the browser to decide. */
export async function drain(): Promise<void> {
  try {
    const before = await exchange();
    const sent = await sendFiles({ patient: false });
    const { later } = sent ? await exchange() : before;
    if (later) throw new Problem('unavailable', true, 'expected all to be sent');
  } catch (error) {
    if (mayRetry(error)) throw error;
  }
}
