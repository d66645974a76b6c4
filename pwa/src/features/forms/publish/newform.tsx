/** /forms/new: choose a spreadsheet, see what is wrong with it, try the form, publish it. */
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';

import { records } from '../../../data/records.ts';
import { count, local, text } from '../../../text/index.ts';
import { Confirm } from '../../../ui/confirm.tsx';
import { Facts } from '../../../ui/list.tsx';
import { Page } from '../../../ui/page.tsx';
import { Link } from '../../../ui/router.tsx';
import { Button, ProblemBox, useTask } from '../../../ui/task.tsx';
import { Pick } from '../attach/pick.tsx';
import type { Form } from '../rules/form.ts';
import { structureOf } from '../rules/structure.ts';
import { proceduresOf } from './model.ts';
import type { Checked } from './model.ts';
import { OfficersOnly } from './officersonly.tsx';
import { Problems } from './problems.tsx';
import { check, publish } from './sending.ts';
import { TryOut } from './tryout.tsx';

const XLSX = '.xlsx,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** A spreadsheet that was looked at; `turn` counts them, so that each is tried out anew. */
interface Looked {
  readonly turn: number;
  readonly file: File;
  readonly checked: Checked;
}

export function NewForm() {
  return <OfficersOnly>{(unit) => <Upload unit={unit} />}</OfficersOnly>;
}

function Upload({ unit }: { unit: string }) {
  const looked = useSignal<Looked | null>(null);
  const published = useSignal<Form | null>(null);
  const task = useTask();
  const choose = (file: File) =>
    task.run(async () => {
      published.value = null;
      const checked = await check(file);
      looked.value = { turn: (looked.peek()?.turn ?? 0) + 1, file, checked };
    });
  const done = published.value;
  const seen = looked.value;
  return (
    <Page title={text('publish.new')} back={{ href: '/forms', label: text('publish.title') }} wide>
      {done !== null && <Published form={done} />}
      <p>{text('publish.choose.body')}</p>
      <div class="actions">
        <Pick
          label={text(task.busy ? 'publish.checking' : seen === null ? 'publish.choose' : 'publish.other')}
          accept={XLSX}
          busy={task.busy}
          onFile={choose}
        />
        {seen !== null && <span class="soft">{seen.file.name}</span>}
      </div>
      <ProblemBox code={task.problem} />
      {seen !== null && done === null && (
        <Result
          key={seen.turn}
          looked={seen}
          unit={unit}
          onPublished={(form) => {
            published.value = form;
            looked.value = null;
          }}
        />
      )}
    </Page>
  );
}

function Result({ looked, unit, onPublished }: { looked: Looked; unit: string; onPublished: (form: Form) => void }) {
  const { form, obstacles } = looked.checked;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const verdict = form === null ? 'publish.bad' : obstacles > 0 ? 'publish.nearly' : 'publish.good';
  return (
    <>
      <h2 tabIndex={-1} ref={heading} data-verdict={verdict}>
        {text(verdict)}
      </h2>
      {form !== null && <FormFacts form={form} unit={unit} />}
      <Problems checked={looked.checked} />
      {form !== null && <TryOut form={form} />}
      {form !== null && obstacles === 0 && <PublishIt looked={looked} form={form} onPublished={onPublished} />}
    </>
  );
}

function FormFacts({ form, unit }: { form: Form; unit: string }) {
  const current = proceduresOf(records('form').value, unit).find(({ code }) => code === form.code)?.versions[0];
  return (
    <Facts
      facts={[
        [text('publish.form'), local(form.title)],
        [text('publish.code'), form.code],
        [text('publish.version.new'), form.version],
        current === undefined ? null : [text('publish.version.now'), current.form.version],
        [text('publish.extent'), extent(form)],
      ]}
    />
  );
}

function extent(form: Form): string {
  const pages = count('publish.pages', form.pages.length);
  return `${pages} · ${count('publish.questions', structureOf(form).questions.size)}`;
}

interface PublishProps {
  looked: Looked;
  form: Form;
  onPublished: (form: Form) => void;
}

function PublishIt({ looked: { file, checked }, form, onPublished }: PublishProps) {
  const asked = useSignal(false);
  const task = useTask();
  const go = () =>
    task.run(async () => {
      asked.value = false;
      await publish(file, checked.sha256 ?? '');
      onPublished(form);
    });
  return (
    <section class="publish-it">
      <h2>{text('publish.it')}</h2>
      <p>{text('publish.it.body')}</p>
      <ProblemBox code={task.problem} />
      <div class="actions">
        <Button busy={task.busy} onPress={() => (asked.value = true)}>
          {text('publish.action')}
        </Button>
      </div>
      {asked.value && (
        <Confirm
          title={text('publish.confirm', { title: local(form.title), version: form.version })}
          action={text('publish.action')}
          look="main"
          onConfirm={go}
          onCancel={() => (asked.value = false)}
        >
          <p>{text('publish.confirm.body')}</p>
        </Confirm>
      )}
    </section>
  );
}

function Published({ form }: { form: Form }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), []);
  return (
    <div class="notice good" role="status" tabIndex={-1} ref={box}>
      <h2>{text('publish.done')}</h2>
      <p>{text('publish.done.body', { title: local(form.title), version: form.version })}</p>
      <p>
        <Link href={`/procedures/${form.code}`}>{text('publish.open')}</Link>
      </p>
    </div>
  );
}
