import { records } from '../../../data/records.ts';
import { text } from '../../../text/index.ts';
import { Page } from '../../../ui/page.tsx';

/** Stands where a procedure isn't: on a phone that has just been opened the list of procedures is still to come. */
export function UnknownProcedure() {
  const empty = records('form').value.length === 0;
  return (
    <Page
      title={text(empty ? 'procedures.none' : 'procedure.unknown')}
      back={{ href: '/procedures', label: text('procedure.back') }}
    >
      <p>{text(empty ? 'procedures.none.body' : 'procedure.unknown.body')}</p>
    </Page>
  );
}
