import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

import { pinRoot } from '../../data/account.ts';
import { askToKeepStorage } from '../../data/persist.ts';

/** What is known of this app's storage; null while it is not. Sizes in bytes, as the browser estimates them. */
export interface Storage {
  /** Whether the browser promised to keep it. */
  kept: boolean | null;
  used: number | null;
  room: number | null;
}

/** Return what is known of the storage, and a way to ask the browser to keep it. */
export function useStorage(): { storage: Storage; ask: () => Promise<void> } {
  const storage = useSignal<Storage>({ kept: null, used: null, room: null });
  const look = async () => {
    const [kept, { usage, quota }] = await Promise.all([navigator.storage.persisted(), navigator.storage.estimate()]);
    storage.value = { kept, used: usage ?? null, room: quota ?? null };
  };
  useEffect(() => void look(), []);
  return { storage: storage.value, ask: () => askToKeepStorage().then(look) };
}

/** The thumbprint of the city's root key that this phone saw first; null while it has seen none. */
export function useRootKey(): string | null {
  const shown = useSignal<string | null>(null);
  useEffect(() => {
    pinRoot().then(
      (thumbprint) => (shown.value = thumbprint),
      () => undefined, // without a network a phone that never saw the key has none to show
    );
  }, []);
  return shown.value;
}
