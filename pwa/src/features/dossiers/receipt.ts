import { verifyReceipt } from '../../data/acts.ts';
import type { Outcome } from './check.tsx';
import type { Dossier } from './model.ts';
import type { SignatureFacts } from './signature.ts';

/** Check a dossier's receipt: that the unit signed it, and that it is for exactly this document. */
export async function receiptOutcomes(dossier: Dossier, facts: SignatureFacts): Promise<Outcome[]> {
  if (dossier.receipt === null) return [];
  const { ok, payload } = await verifyReceipt(dossier.receipt.jws);
  return [
    { key: 'check.receipt', holds: ok },
    { key: 'check.document', holds: ok && payload?.document_sha256 === facts.documentSha256 },
  ];
}
