/** Tabs and the service worker tell each other what they wrote, and never send at the same time. */

import type { Name } from './db.ts';

/** What was written: `records` may look different now, `account` says that whose phone it is may be as well. */
export interface News {
  records: readonly Name[];
  account: boolean;
}

const CHANNEL = 'motcua';
const SENDER = 'motcua-sender';
const listeners = new Set<(news: News) => Promise<void>>();
const channel = new BroadcastChannel(CHANNEL);
channel.onmessage = (event: MessageEvent<News>) => void hear(event.data);

/** Tell this tab and all others; resolves when this tab has taken it in. */
export async function tell(news: News): Promise<void> {
  channel.postMessage(news);
  await hear(news);
}

/** Call `listener` for whatever anybody writes, this tab included. */
export function onNews(listener: (news: News) => Promise<void>): void {
  listeners.add(listener);
}

/** Run `job` while no other tab and no worker does (SPEC.md T3). It must not call `alone` itself. */
export function alone<T>(job: () => Promise<T>): Promise<T> {
  return navigator.locks.request(SENDER, job);
}

async function hear(news: News): Promise<void> {
  await Promise.all([...listeners].map((listener) => listener(news)));
}
