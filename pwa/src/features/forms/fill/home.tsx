/** What the resident's home page says of forms. */
import { me } from '../../../data/account.ts';
import { records } from '../../../data/records.ts';
import { language, text } from '../../../text/index.ts';
import { Link } from '../../../ui/router.tsx';
import { DraftRows } from './drafts.tsx';
import { openDrafts } from './model.ts';
import { ProcedureRows, publishedForms } from '../catalogue/procedures.tsx';
import { search } from '../catalogue/search.ts';

/** In a list by title: as many as a small phone shows without much scrolling. */
const SHOWN = 6;

/** Drafts to go on with; nothing when there is none. */
export function OpenDrafts() {
  const drafts = openDrafts(records('draft').value, me.value?.id);
  if (drafts.length === 0) return null;
  return (
    <>
      <h2>{text('home.drafts')}</h2>
      <DraftRows drafts={drafts} />
    </>
  );
}

/** Some procedures, and the way to all. */
export function FindProcedure() {
  const forms = search(publishedForms(), '', language.value);
  return (
    <>
      <h2>{text('home.procedures')}</h2>
      {forms.length === 0 ? (
        <p class="soft">{text('procedures.none.body')}</p>
      ) : (
        <ProcedureRows forms={forms.slice(0, SHOWN)} brief />
      )}
      <p>
        <Link href="/procedures">{text('home.procedures.all')}</Link>
      </p>
      {me.value !== null && (
        <p>
          <Link href="/drafts/import">{text('home.import')}</Link>
        </p>
      )}
    </>
  );
}
