/** Legal acts: documents that a person signs with a passkey, and receipts that answer them. */

import type { Value } from '../sync/canonical.ts';
import { pinRoot } from './account.ts';
import { meta, reading } from './db.ts';
import { type Assertion, type Passkey, signDocument } from './passkeys.ts';
import { Problem } from './problem.ts';
import { record, records } from './records.ts';
import { openReceipt, type ReceiptPayload } from './trust.ts';

export type { Assertion } from './passkeys.ts';
export type { ReceiptPayload } from './trust.ts';

/**
 * Sign a document with a passkey of the person; needs no network. Returns the exact RFC 8785 text that was signed.
 * Throws `Problem`: `signed_out` without an account, `passkey_cancelled`, `passkey_unsupported`, `passkey_failed`.
 */
export async function signAct(document: Value): Promise<{ document: string; assertion: Assertion }> {
  const account = await reading((tx) => meta(tx, 'account'));
  if (account === undefined) throw new Problem('signed_out', false, 'expected an account on this phone');
  return signDocument(document, known(account.id, account.credential));
}

/** Verify a receipt against the trust list. `payload` is what it says when `ok`, else null. */
export async function verifyReceipt(
  jws: string,
): Promise<{ ok: true; payload: ReceiptPayload } | { ok: false; payload: null }> {
  const list = record('trust', 'trust').peek()?.values.jws;
  if (typeof list !== 'string') return { ok: false, payload: null };
  const payload = await openReceipt(jws, list, await pinRoot());
  return payload === null ? { ok: false, payload } : { ok: true, payload };
}

/** The person's valid passkeys, the one that was last used here among them even before its record has arrived. */
function known(person: string, used: string): Passkey[] {
  const listed = records('passkey')
    .peek()
    .filter(({ values }) => values.person === person && values.revoked_at === undefined)
    .flatMap(({ values: { credential, transports } }) =>
      typeof credential === 'string'
        ? [{ id: credential, transports: Array.isArray(transports) ? transports.map(String) : [] }]
        : [],
    );
  return listed.some(({ id }) => id === used) ? listed : [...listed, { id: used, transports: [] }];
}
