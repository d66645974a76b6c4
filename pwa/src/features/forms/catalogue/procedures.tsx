/** /procedures: what can be done here, found with or without diacritics. */
import { useSignal } from '@preact/signals';

import { records } from '../../../data/records.ts';
import { count, language, local, text } from '../../../text/index.ts';
import { TextField } from '../../../ui/field.tsx';
import { Empty, Row } from '../../../ui/list.tsx';
import { Page } from '../../../ui/page.tsx';
import type { Form } from '../rules/form.ts';
import { catalogue } from '../fill/model.ts';
import { search } from './search.ts';

/** Return the forms that stand in the catalogue and that this version of the app can show, by title. */
export function publishedForms(): Form[] {
  return search(catalogue(records('form').value).map(({ form }) => form), '', language.value);
}

export function Procedures() {
  const query = useSignal('');
  const forms = publishedForms();
  const found = search(forms, query.value, language.value);
  return (
    <Page title={text('procedures.title')}>
      <div class="search">
        <TextField
          id="search"
          label={text('procedures.search')}
          hint={text('procedures.search.hint')}
          value={query.value}
          onInput={(value) => (query.value = value)}
        />
        <Glass />
      </div>
      <p role="status" class="soft small">
        {query.value.trim() === '' || forms.length === 0 ? '' : count('procedures.found', found.length)}
      </p>
      {forms.length === 0 && <Empty title={text('procedures.none')}>{text('procedures.none.body')}</Empty>}
      {forms.length > 0 && found.length === 0 && (
        <Empty title={text('procedures.nothing')}>{text('procedures.nothing.body')}</Empty>
      )}
      {found.length > 0 && <ProcedureRows forms={found} />}
    </Page>
  );
}

/** A list of procedures; `brief` leaves out what each is. */
export function ProcedureRows({ forms, brief = false }: { forms: readonly Form[]; brief?: boolean }) {
  return (
    <ul class="rows">
      {forms.map((form) => (
        <Row
          key={form.code}
          href={`/procedures/${form.code}`}
          title={local(form.title)}
          detail={brief ? undefined : firstSentence(local(form.summary))}
        />
      ))}
    </ul>
  );
}

/** What it is; the rest stands on its own page. */
function firstSentence(summary: string): string {
  return /^.+?\.(?=\s)/u.exec(summary)?.[0] ?? summary;
}

function Glass() {
  return (
    <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2.2" aria-hidden="true">
      <circle cx="10.5" cy="10.5" r="6.5" />
      <path d="m15.5 15.5 5 5" stroke-linecap="round" />
    </svg>
  );
}
