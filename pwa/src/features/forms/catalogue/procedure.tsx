/** /procedures/:code: what it is, what it costs, what to bring; begin it or go on with it. */
import { me } from '../../../data/account.ts';
import { records } from '../../../data/records.ts';
import { local, openTexts, text } from '../../../text/index.ts';
import { calendarDay } from '../../../text/time.ts';
import { StorageWarning } from '../../../ui/install.tsx';
import { lazy } from '../../../ui/lazy.tsx';
import { Row } from '../../../ui/list.tsx';
import { Page } from '../../../ui/page.tsx';
import { Link, navigate } from '../../../ui/router.tsx';
import { Button, ProblemBox, useTask } from '../../../ui/task.tsx';
import { draftBegun } from '../fill/drafts.tsx';
import { catalogue, openDrafts } from '../fill/model.ts';
import type { Published } from '../fill/model.ts';
import { ProcedureFacts, ToBring } from './facts.tsx';
import { UnknownProcedure } from './unknown.tsx';

/** What need not be told is computed from the form's rules, which the catalogue does without. */
const Beforehand = lazy(async () => {
  const [{ Beforehand: Part }] = await Promise.all([import('../known/notasked.tsx'), openTexts('filling')]);
  return Part;
}, null);

export function Procedure({ code }: { code: string }) {
  const published = catalogue(records('form').value).find(({ form }) => form.code === code);
  if (published === undefined) return <UnknownProcedure />;
  const { form } = published;
  return (
    <Page title={local(form.title)} back={{ href: '/procedures', label: text('procedure.back') }}>
      <p class="lead">{local(form.summary)}</p>
      <Begin published={published} />
      <h2>{text('procedure.know')}</h2>
      <ProcedureFacts form={form} />
      <ToBring form={form} />
      <p>
        <Link href={`/procedures/${form.code}/poster`}>{text('procedure.poster')}</Link>
      </p>
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
  const drafts = openDrafts(records('draft').value, mine.id).filter(({ values }) => values.procedure === form.code);
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
