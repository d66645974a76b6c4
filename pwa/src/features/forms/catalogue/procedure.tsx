/** /procedures/:code: what it is, what it costs, what to bring; begin it or go on with it. */
import { me } from '../../../data/account.ts';
import { records } from '../../../data/records.ts';
import { count, language, local, openTexts, text } from '../../../text/index.ts';
import { calendarDay } from '../../../text/time.ts';
import { StorageWarning } from '../../../ui/install.tsx';
import { lazy } from '../../../ui/lazy.tsx';
import { Facts, Row } from '../../../ui/list.tsx';
import { Page } from '../../../ui/page.tsx';
import { Link, navigate } from '../../../ui/router.tsx';
import { Button, ProblemBox, useTask } from '../../../ui/task.tsx';
import { draftBegun } from '../fill/drafts.tsx';
import type { Form } from '../rules/form.ts';
import { catalogue, openDrafts } from '../fill/model.ts';
import type { Published } from '../fill/model.ts';

/** What need not be told is computed from the form's rules, which the catalogue does without. */
const Beforehand = lazy(async () => {
  const [{ Beforehand: Part }] = await Promise.all([import('../known/notasked.tsx'), openTexts('filling')]);
  return Part;
}, null);

export function Procedure({ code }: { code: string }) {
  const published = catalogue(records('form').value).find(({ form }) => form.code === code);
  const back = { href: '/procedures', label: text('procedure.back') };
  if (published === undefined) {
    return (
      <Page title={text('procedure.unknown')} back={back}>
        <p>{text('procedure.unknown.body')}</p>
      </Page>
    );
  }
  const { form } = published;
  return (
    <Page title={local(form.title)} back={back}>
      <p class="lead">{local(form.summary)}</p>
      <Begin published={published} />
      <h2>{text('procedure.know')}</h2>
      <Facts
        facts={[
          [text('procedure.fee'), fee(form)],
          [text('procedure.days'), days(form)],
          [text('procedure.result'), local(form.result)],
          [text('procedure.authority'), local(form.authority)],
        ]}
      />
      {form.bring.length > 0 && (
        <>
          <h2>{text('procedure.bring')}</h2>
          <ul>
            {form.bring.map((item) => (
              <li key={item.vi}>{local(item)}</li>
            ))}
          </ul>
        </>
      )}
    </Page>
  );
}

function Begin({ published }: { published: Published }) {
  const { form } = published;
  const task = useTask();
  const mine = me.value;
  if (mine === null || mine.device === null) {
    return (
      <>
        <p>{text('procedure.account')}</p>
        <div class="actions">
          <Link class="button main" href={`/start?next=/procedures/${form.code}`}>
            {text('procedure.signin')}
          </Link>
        </div>
      </>
    );
  }
  const drafts = openDrafts(records('draft').value).filter(({ values }) => values.procedure === form.code);
  const begin = () =>
    task.run(async () => {
      const { begin: beginDraft } = await import('../known/begin.ts');
      navigate(`/drafts/${await beginDraft(published, mine)}`);
    });
  return (
    <>
      {drafts.length > 0 ? (
        <>
          <p>{text('procedure.drafts')}</p>
          <ul class="rows">
            {drafts.map((draft) => (
              <Row
                key={draft.id}
                href={`/drafts/${draft.id}`}
                title={text('procedure.continue')}
                detail={text('draft.begun', { day: calendarDay(draftBegun(draft)) })}
              />
            ))}
          </ul>
        </>
      ) : (
        <p>{text('procedure.offline')}</p>
      )}
      <Beforehand form={form} />
      <StorageWarning />
      <ProblemBox code={task.problem} />
      <div class="actions">
        <Button look={drafts.length > 0 ? 'second' : 'main'} busy={task.busy} onPress={begin}>
          {text(drafts.length > 0 ? 'procedure.another' : 'procedure.start')}
        </Button>
      </div>
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
