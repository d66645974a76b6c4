import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

import type { RecordView } from '../../data/records.ts';
import { base64url, unbase64url } from '../../sync/batch.ts';
import { decode, encode, isObject } from '../../sync/canonical.ts';

/** Whether the browser promised to keep this app's storage; null while unknown. */
export function useStorageKept(): boolean | null {
  const promised = useSignal<boolean | null>(null);
  useEffect(() => {
    void navigator.storage.persisted().then((answer) => (promised.value = answer));
  }, []);
  return promised.value;
}

/** The city's root key by its RFC 7638 thumbprint, base64url; null until the trust list has arrived. */
export function useRootKey(trust: RecordView | undefined): string | null {
  const shown = useSignal<string | null>(null);
  const jws = trust?.values.jws;
  useEffect(() => {
    if (typeof jws === 'string') void thumbprintIn(jws).then((thumbprint) => (shown.value = thumbprint));
  }, [jws]);
  return shown.value;
}

async function thumbprintIn(jws: string): Promise<string | null> {
  const header = decode(unbase64url(jws.split('.')[0] ?? ''));
  if (!isObject(header) || header.jwk === undefined || !isObject(header.jwk)) return null;
  const { crv = null, kty = null, x = null, y = null } = header.jwk;
  return base64url(new Uint8Array(await crypto.subtle.digest('SHA-256', encode({ crv, kty, x, y }))));
}
