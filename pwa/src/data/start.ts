/** Opens what this phone keeps and begins to exchange with the server. */

import { computed, effect } from '@preact/signals';

import { loadAccount, me, pinRoot, signedOut } from './account.ts';
import { followTime } from './followtime.ts';
import { loadGate, paired } from './gate.ts';
import { connect } from './live.ts';
import { wake } from './loop.ts';
import { prepareScanner } from './offline.ts';
import { paint, paintAll } from './records.ts';
import { hasFiles, loadStatus, setOnline, status } from './status.ts';
import { type News, onNews } from './tabs.ts';
import { loadTime } from './time.ts';
import { drainInBackground, startWorker } from './update.ts';
import { locked } from './vault.ts';

/** Tidying up can wait until the screen stands. */
const TIDY_AFTER = 20_000;

let started: Promise<void> | null = null;

/** Resolve when everything that is stored can be shown; the network is not waited for. Doing it twice does no harm. */
export function start(): Promise<void> {
  started ??= begin();
  return started;
}

async function begin(): Promise<void> {
  const worker = import.meta.env.PROD && 'serviceWorker' in navigator;
  onNews(hear);
  await Promise.all([loadTime(), loadAccount(), loadStatus(), loadGate(), paintAll()]);
  followTime(() => paired.peek() !== null);
  // A socket tells of the feeds of whoever opened it.
  const reader = computed(() => (signedOut.value ? null : (me.value?.id ?? null)));
  const unit = computed(() => paired.value?.unit ?? null);
  const lookOnline = () => setOnline(navigator.onLine);
  lookOnline();
  addEventListener('offline', lookOnline);
  addEventListener('online', () => {
    lookOnline();
    wake();
    connect(reader.peek(), unit.peek());
  });
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') wake();
  });
  effect(() => connect(reader.value, unit.value));
  const waits = computed(() => status.value.unsent > 0);
  effect(() => {
    if (waits.value && worker) void drainInBackground();
  });
  followFiles();
  followLock();
  wake();
  void pinRoot().catch(() => undefined); // tried again when a receipt is to be verified
  if (!worker) return;
  void startWorker();
  const isKnown = computed(() => me.value !== null);
  effect(() => {
    if (isKnown.value) prepareScanner();
  });
}

/** Show, or hide, what is personal as soon as it is unlocked or locked; then what waited can go. */
function followLock(): void {
  let before = locked.peek();
  effect(() => {
    if (locked.value === before) return;
    before = locked.value;
    void Promise.all([paintAll(), loadStatus()]).then(wake);
  });
}

/** Have files sent that wait, and what waited for them. Who has none never loads what sends them. */
function followFiles(): void {
  const waiting = computed(() => {
    const { files, online } = status.value;
    const mine = !signedOut.value && me.value !== null && !locked.value;
    return mine && online && files !== null && !files.paused && files.count > files.failed ? files.count : 0;
  });
  effect(() => {
    if (waiting.value === 0) return;
    void import('./uploads.ts')
      .then(({ sendFiles }) => sendFiles())
      .then((some) => (some ? wake() : undefined), reportError);
  });
  const tidy = () => void import('./orphans.ts').then(({ dropOrphans }) => dropOrphans()).catch(() => undefined);
  setTimeout(() => void hasFiles().then((has) => (has ? tidy() : undefined)), TIDY_AFTER);
}

async function hear({ records, account }: News): Promise<void> {
  const own = account ? [loadAccount(), loadTime(), loadGate()] : [];
  await Promise.all([paint(records), loadStatus(), ...own]);
}
