/** /drafts/import: open a draft that was saved as a file. */
import { useSignal } from '@preact/signals';

import { local, text } from '../../../text/index.ts';
import { Page } from '../../../ui/page.tsx';
import { Link } from '../../../ui/router.tsx';
import { ProblemBox, useTask } from '../../../ui/task.tsx';
import { Pick } from '../attach/pick.tsx';
import { nameOf } from '../rules/rules.ts';
import type { Form } from '../rules/form.ts';
import { structureOf } from '../rules/structure.ts';
import { open } from './takeaway.ts';
import type { Opened } from './takeaway.ts';
import '../attach/attach.css';

const SHOWN = 50;

export function Import() {
  const task = useTask();
  const opened = useSignal<Opened | null>(null);
  const take = (file: Blob) =>
    task.run(async () => {
      opened.value = null;
      opened.value = await open(file);
    });
  return (
    <Page title={text('import.title')} back={{ href: '/', label: text('page.home') }}>
      <p>{text('import.body')}</p>
      <ProblemBox code={task.problem} />
      <Pick accept=".json,application/json" label={text('import.choose')} busy={task.busy} onFile={take} />
      <div role="status">{opened.value !== null && <Outcome opened={opened.value} />}</div>
    </Page>
  );
}

function Outcome({ opened }: { opened: Opened }) {
  if ('refused' in opened) {
    return (
      <div class="notice bad">
        <h2>{text('import.refused')}</h2>
        <p>{text(`import.refused.${opened.refused}`)}</p>
      </div>
    );
  }
  const { id, form, otherVersion, misfits } = opened;
  return (
    <div class="notice">
      <h2>{text('import.done', { title: local(form.title) })}</h2>
      {otherVersion && <p>{text('import.version')}</p>}
      {misfits.length > 0 && (
        <>
          <p>{text('import.misfits')}</p>
          <ul>
            {misfits.slice(0, SHOWN).map(({ path, why }) => (
              <li key={path}>
                {labelAt(form, path)}: {text(`import.why.${why}`)}
              </li>
            ))}
          </ul>
        </>
      )}
      <p>
        <Link class="button main" href={`/drafts/${id}`}>
          {text('import.open')}
        </Link>
      </p>
    </div>
  );
}

/** What a question is called; a name that the form does not know stands as it is. */
function labelAt(form: Form, path: string): string {
  const part = structureOf(form).parts.get(nameOf(path));
  const number = /\[(\d+)\]/.exec(path)?.[1];
  const name = part?.label === undefined ? path.slice(0, 80) : local(part.label);
  return part?.label !== undefined && number !== undefined ? `${name} (${number})` : name;
}
