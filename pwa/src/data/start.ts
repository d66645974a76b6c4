/** Opens what this phone keeps and begins to exchange with the server. */

import { effect } from '@preact/signals';

import { loadAccount, me, pinRoot } from './account.ts';
import { connect } from './live.ts';
import { wake } from './loop.ts';
import { paint, paintAll } from './records.ts';
import { loadStatus, setOnline, status } from './status.ts';
import { type News, onNews } from './tabs.ts';
import { drainInBackground, startWorker } from './update.ts';

let started: Promise<void> | null = null;

/** Resolve when everything that is stored can be shown; the network is not waited for. Doing it twice does no harm. */
export function start(): Promise<void> {
  started ??= begin();
  return started;
}

async function begin(): Promise<void> {
  onNews(hear);
  await Promise.all([loadAccount(), loadStatus(), paintAll()]);
  const lookOnline = () => setOnline(navigator.onLine);
  lookOnline();
  addEventListener('offline', lookOnline);
  addEventListener('online', () => {
    lookOnline();
    wake();
    connect();
  });
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') wake();
  });
  let before: string | undefined;
  effect(() => {
    const now = me.value?.id;
    if (before !== now) connect();
    before = now;
  });
  effect(() => {
    if (status.value.unsent > 0) void drainInBackground();
  });
  connect();
  wake();
  void pinRoot().catch(() => undefined); // tried again when a receipt is to be verified
  if (import.meta.env.PROD) void startWorker();
}

async function hear({ records, account }: News): Promise<void> {
  await Promise.all([paint(records), loadStatus(), account ? loadAccount() : undefined]);
}
