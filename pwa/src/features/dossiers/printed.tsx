/** What only paper shows of a dossier: the head of an official letter, who signed it and when, how to check it. */
import { useEffect, useState } from 'preact/hooks';

import { me } from '../../data/account.ts';
import { text } from '../../text/index.ts';
import { fullMoment } from '../../text/time.ts';
import { Facts } from '../../ui/list.tsx';
import { Official } from '../../ui/official.tsx';
import { Qr } from '../../ui/qr.tsx';
import { procedureTitle, unitTitle } from './known.ts';
import { textOf, timeOf } from './model.ts';
import type { Dossier } from './model.ts';
import { signatureFacts } from './signature.ts';

export function PrintedHead({ dossier: { procedure, unit, receipt } }: { dossier: Dossier }) {
  const line = receipt === null ? text('printed.waiting') : text('printed.code', { code: receipt.code });
  return <Official office={unitTitle(unit)} title={procedureTitle(procedure)} line={line} />;
}

export function PrintedSignature({ dossier }: { dossier: Dossier }) {
  const { act, receipt, acknowledgement } = dossier;
  const sha256 = useDocumentHash(dossier);
  const signedAt = timeOf(act.document);
  const address = `${window.location.origin}/dossiers/${dossier.id}`;
  const mine = me.value;
  const name = mine !== null && act.document.person === mine.id ? mine.name : null;
  const word = acknowledgement?.document;
  return (
    <section class="print-only">
      <div class="printed-signature">
        <div>
          <Facts
            facts={[
              name === null ? null : [text('printed.signer'), name],
              signedAt === null ? null : [text('printed.signed'), fullMoment(signedAt)],
              receipt === null ? null : [text('printed.received'), fullMoment(receipt.receivedAt)],
              word === undefined ? null : [text('printed.officer'), textOf(word, 'name')],
              [text('printed.hash'), <code key="hash">{sha256}</code>],
              [text('printed.passkey'), <code key="passkey">{textOf(act.assertion, 'credential')}</code>],
            ]}
          />
          <p>{text('printed.how')}</p>
        </div>
        <figure>
          <Qr text={address} label={address} />
          <figcaption>{text('printed.scan')}</figcaption>
        </figure>
      </div>
    </section>
  );
}

function useDocumentHash({ act }: Dossier): string {
  const [hash, put] = useState('');
  useEffect(() => {
    let current = true;
    void signatureFacts(act).then(({ documentSha256 }) => {
      if (current) put(documentSha256);
    });
    return () => {
      current = false;
    };
  }, [act]);
  return hash;
}
