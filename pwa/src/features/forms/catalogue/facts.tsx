/** What a person wants to know of a procedure before all else. */
import { count, language, local, text } from '../../../text/index.ts';
import { Facts } from '../../../ui/list.tsx';
import type { Form } from '../rules/form.ts';

/** Fee, time, result, authority and the version of the form. */
export function ProcedureFacts({ form }: { form: Form }) {
  return (
    <Facts
      facts={[
        [text('procedure.fee'), fee(form)],
        [text('procedure.days'), days(form)],
        [text('procedure.result'), local(form.result)],
        [text('procedure.authority'), local(form.authority)],
        [text('procedure.version'), form.version],
      ]}
    />
  );
}

/** What to bring, as a list; nothing when nothing is needed. */
export function ToBring({ form: { bring } }: { form: Form }) {
  if (bring.length === 0) return null;
  return (
    <>
      <h2>{text('procedure.bring')}</h2>
      <ul>
        {bring.map((item) => (
          <li key={item.vi}>{local(item)}</li>
        ))}
      </ul>
    </>
  );
}

function fee({ fee: { amount, note } }: Form): string {
  const money = new Intl.NumberFormat(language.value, { style: 'currency', currency: 'VND' });
  if (Number(amount) === 0) return note === undefined ? text('procedure.free') : local(note);
  return note === undefined ? money.format(BigInt(amount)) : `${money.format(BigInt(amount))}\n${local(note)}`;
}

function days({ days: { working, note } }: Form): string {
  if (note !== undefined) return local(note);
  return working === 0 ? text('procedure.sameday') : count('procedure.working', working);
}
