/** /drafts/:id/new-version: what would change if a draft moved to the newer version of its form. */
import { local, text } from '../../../text/index.ts';
import { Page } from '../../../ui/page.tsx';
import { Link, navigate } from '../../../ui/router.tsx';
import { Button, ProblemBox, useTask } from '../../../ui/task.tsx';
import { change } from '../../../data/records.ts';
import { NoDraft, Sent } from './draft.tsx';
import { filling } from './filling.ts';
import type { Filling } from './filling.ts';

export function NewVersion({ id }: { id: string }) {
  const given = filling(id);
  if (given === null) return <NoDraft />;
  const sent = given.view.values.submission;
  if (typeof sent === 'string') return <Sent submission={sent} />;
  return <Moving given={given} />;
}

function Moving({ given }: { given: Filling }) {
  const { view, form, newer } = given;
  const task = useTask();
  const overview = `/drafts/${view.id}`;
  return (
    <Page
      title={text('version.title')}
      kicker={local(form.title)}
      back={{ href: overview, label: text('questions.overview') }}
    >
      {newer === null ? (
        <p>{text('version.current')}</p>
      ) : (
        <>
          <ProblemBox code={task.problem} />
          <div class="actions">
            <Button
              busy={task.busy}
              onPress={() =>
                task.run(async () => {
                  await change('draft', view.id, { form_sha256: newer });
                  navigate(overview);
                })
              }
            >
              {text('version.action')}
            </Button>
            <Link href={overview}>{text('version.later')}</Link>
          </div>
        </>
      )}
    </Page>
  );
}
