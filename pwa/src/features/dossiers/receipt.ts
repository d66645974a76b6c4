import { verifyReceipt } from '../../data/acts.ts';
import { record } from '../../data/records.ts';
import type { Outcome } from './check.tsx';
import type { Dossier } from './model.ts';
import type { SignatureFacts } from './signature.ts';

/** Check a dossier's receipt: that the unit signed it, and that it is for exactly this document. */
export async function receiptOutcomes(dossier: Dossier, facts: SignatureFacts): Promise<Outcome[]> {
  if (dossier.receipt === null) return [];
  if (record('trust', 'trust').peek() === undefined) return [{ what: 'check.receipt', holds: null }];
  const { ok, payload } = await verifyReceipt(dossier.receipt.jws);
  return [
    { what: 'check.receipt', holds: ok },
    { what: 'check.document', holds: ok && payload.document_sha256 === facts.documentSha256 },
  ];
}
