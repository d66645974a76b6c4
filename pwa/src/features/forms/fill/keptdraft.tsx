/** Where a draft is kept: on this phone, on the server, and in a file that the person saves. */
import { now } from '../../../data/clock.ts';
import { text } from '../../../text/index.ts';
import { Button, ProblemBox, useTask } from '../../../ui/task.tsx';
import { FilesNeeded } from '../attach/waiting.tsx';
import type { Filling } from './filling.ts';

/** As long as a browser needs to take a file over. */
const MOMENT = 60_000;

export function KeptDraft({ given }: { given: Filling }) {
  const { view, form } = given;
  const task = useTask();
  const save = () =>
    task.run(async () => {
      const { saved } = await import('./takeaway.ts');
      const url = URL.createObjectURL(await saved(given));
      const link = document.createElement('a');
      link.href = url;
      link.download = `${form.code}-${new Date(now()).toISOString().slice(0, 10)}.motcua.json`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(url), MOMENT);
    });
  return (
    <section class="kept-draft" aria-label={text('kept.title')}>
      <p data-testid="server-copy">{text(view.unsent ? 'kept.phone' : 'kept.server')}</p>
      <FilesNeeded view={view} />
      <ProblemBox code={task.problem} />
      <Button look="quiet" busy={task.busy} onPress={save}>
        {text('kept.save')}
      </Button>
    </section>
  );
}
