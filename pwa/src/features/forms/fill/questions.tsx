/** /drafts/:id/:page and the rows below it: one topic of a form; every letter is saved while it is typed. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

import { local, text } from '../../../text/index.ts';
import { ErrorSummary, goTo } from '../../../ui/errors.tsx';
import type { Mistake } from '../../../ui/errors.tsx';
import { Page } from '../../../ui/page.tsx';
import { Link, navigate, place as address } from '../../../ui/router.tsx';
import { SettleRow } from '../share/settlerow.tsx';
import { NoDraft, Sent } from './draft.tsx';
import { filling, retyped } from './filling.ts';
import type { Filling } from './filling.ts';
import { Items } from './items.tsx';
import { says } from './judging.ts';
import { mistakeText } from './mistakes.ts';
import { pageAfter } from './model.ts';
import { around, hrefOf, hrefOfPath, itemsOf, placeAt, rowKey, within } from './place.ts';
import type { Place } from './place.ts';
import { problemsAt } from './progress.ts';
import { rowName } from './rowname.ts';
import { SavedLine } from './savedline.tsx';
import { useTyping } from './typing.ts';
import { OtherVersion } from './version.tsx';

/** `steps` are the names of repeats and the ids of rows that lead from the page to a row. */
export function Questions({ id, page, steps = [] }: { id: string; page: string; steps?: readonly string[] }) {
  const given = filling(id);
  if (given === null) return <NoDraft />;
  const sent = given.view.values.submission;
  if (typeof sent === 'string') return <Sent submission={sent} />;
  const place = placeAt(given.form, given.rows, page, steps);
  if (place !== null) return <Fill stored={given} place={place} />;
  return placeAt(given.form, given.rows, page, []) === null ? <NoDraft /> : <NoRow draft={id} page={page} />;
}

function Fill({ stored, place }: { stored: Filling; place: Place }) {
  const { view, form } = stored;
  const typing = useTyping(view.id);
  const given = retyped(stored, typing.edits);
  const problems = problemsAt(given, place);
  const wanted = decodeURIComponent(address.value.fragment);
  const judged = useSignal({ attempt: 0, shown: problems.includes(wanted) });
  useArrival(wanted);

  const back = around(place);
  const here = within(place);
  const overview = { href: `/drafts/${view.id}`, label: text('questions.overview') };
  const wrong = (path: string) =>
    judged.value.shown && problems.includes(path) ? mistakeText(given, path) : undefined;
  const mistakes: Mistake[] = problems.map((path) => {
    const elsewhere = path.slice(here.length).includes('/');
    const href = elsewhere ? hrefOfPath(view.id, form, given.rows, path) : null;
    return { id: path, message: mistakeText(given, path, { named: true, here }), ...(href === null ? {} : { href }) };
  });
  const shown = judged.value.shown ? mistakes : [];

  async function goOn(): Promise<void> {
    if (!(await typing.flush())) return;
    if (mistakes.length > 0) {
      judged.value = { attempt: judged.value.attempt + 1, shown: true };
      return;
    }
    const after = pageAfter(given.evaluation, place.page.name) ?? 'review';
    navigate(back === null ? `/drafts/${view.id}/${after}` : hrefOf(view.id, back));
  }

  return (
    <Page
      title={back === null ? local(place.page.label) : rowName(given, place)}
      kicker={back === null ? local(form.title) : local(place.page.label)}
      back={back === null ? overview : { href: hrefOf(view.id, back), label: text('rows.back') }}
      wrong={shown.length > 0}
    >
      <ErrorSummary mistakes={shown} attempt={judged.value.attempt} />
      {back === null && <OtherVersion given={given} />}
      {back !== null && <SettleRow view={view} of={rowKey(place)} row={rowName(given, place)} />}
      {back === null && place.page.hint !== undefined && <p class="lead">{says(given, place.page.hint, '')}</p>}
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void goOn();
        }}
      >
        <Items given={given} place={place} items={itemsOf(place)} typing={typing} wrong={wrong} />
        <div class="actions">
          <button class="button main" data-next>
            {text(back === null ? 'questions.continue' : 'rows.done')}
          </button>
          {back === null && <Link href={overview.href}>{text('questions.later')}</Link>}
        </div>
      </form>
      <SavedLine saving={typing.saving} />
    </Page>
  );
}

/** Go to the question that the address names behind `#`, once the heading has had its turn. */
function useArrival(path: string): void {
  useEffect(() => {
    if (path === '') return;
    const frame = requestAnimationFrame(() => goTo(path));
    return () => cancelAnimationFrame(frame);
  }, [path]);
}

/** The row was removed, perhaps on another phone. */
function NoRow({ draft, page }: { draft: string; page: string }) {
  return (
    <Page title={text('rows.gone')} back={{ href: `/drafts/${draft}/${page}`, label: text('rows.back') }}>
      <p>{text('rows.gone.body')}</p>
    </Page>
  );
}
