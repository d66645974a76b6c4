import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

import { pinRoot } from '../../data/account.ts';

/** Whether the browser promised to keep this app's storage; null while unknown. */
export function useStorageKept(): boolean | null {
  const promised = useSignal<boolean | null>(null);
  useEffect(() => {
    void navigator.storage.persisted().then((answer) => (promised.value = answer));
  }, []);
  return promised.value;
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
