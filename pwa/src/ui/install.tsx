/** Offers to install the app when the browser says that it can be, and warns where storage is short-lived. */
import { signal } from '@preact/signals';

import { text } from '../text/index.ts';
import { isApple, isInstalled } from './phone.ts';
import { Button } from './task.tsx';

interface InstallEvent extends Event {
  prompt: () => Promise<unknown>;
}

const offer = signal<InstallEvent | null>(null);

/** Keep the browser's offer for a quiet place instead of its own banner. */
export function keepInstallOffer(): void {
  window.addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault();
    offer.value = event as InstallEvent;
  });
  window.addEventListener('appinstalled', () => (offer.value = null));
}

export function InstallHint() {
  const kept = offer.value;
  if (kept === null) return null;
  return (
    <p class="soft">
      {text('install.hint')}{' '}
      <Button
        look="quiet"
        onPress={() => {
          offer.value = null;
          void kept.prompt();
        }}
      >
        {text('install.action')}
      </Button>
    </p>
  );
}

/** On iPhone and iPad: what to do so that drafts outlive seven idle days. */
export function StorageWarning() {
  if (!isApple(navigator) || isInstalled()) return null;
  return (
    <div class="notice wait">
      <h2>{text('ios.title')}</h2>
      <p>{text('ios.body')}</p>
    </div>
  );
}
