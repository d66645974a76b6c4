/** /forms: the forms of my unit, each with its versions. */
import { records } from '../../../data/records.ts';
import { count, local, text } from '../../../text/index.ts';
import { calendarDay } from '../../../text/time.ts';
import { Empty, Tag } from '../../../ui/list.tsx';
import { Page } from '../../../ui/page.tsx';
import { Link } from '../../../ui/router.tsx';
import { Button, ProblemBox, useTask } from '../../../ui/task.tsx';
import { proceduresOf } from './model.ts';
import type { Procedure, Version } from './model.ts';
import { OfficersOnly } from './officersonly.tsx';
import { keep } from './sending.ts';

export function Forms() {
  return (
    <OfficersOnly>
      {(unit) => {
        const procedures = proceduresOf(records('form').value, unit);
        return (
          <Page title={text('publish.title')} back={{ href: '/', label: text('page.home') }} wide>
            <p class="lead">{text('publish.lead')}</p>
            <div class="actions">
              <Link class="button main" href="/forms/new">
                {text('publish.new')}
              </Link>
            </div>
            {procedures.length === 0 && (
              <Empty title={text('publish.none')}>
                <p>{text('publish.none.body')}</p>
              </Empty>
            )}
            {procedures.map((procedure) => (
              <OneProcedure key={procedure.code} procedure={procedure} />
            ))}
          </Page>
        );
      }}
    </OfficersOnly>
  );
}

function OneProcedure({ procedure: { code, versions } }: { procedure: Procedure }) {
  const [newest] = versions;
  const heading = `form-${code}`;
  return (
    <section class="published" aria-labelledby={heading} data-form={code}>
      <h2 id={heading}>
        <Link href={`/procedures/${code}`}>{local(newest.form.title)}</Link>
      </h2>
      <p class="soft small">
        {code} · {count('publish.versions', versions.length)}
      </p>
      <ul class="versions">
        {versions.map((version) => (
          <OneVersion key={version.sha256} version={version} />
        ))}
      </ul>
    </section>
  );
}

function OneVersion({ version: { form, current, published, workbook } }: { version: Version }) {
  const task = useTask();
  return (
    <li>
      <span class="version-name">{text('publish.version', { version: form.version })}</span>
      <Tag tone={current ? 'good' : 'plain'}>{text(current ? 'publish.current' : 'publish.superseded')}</Tag>
      <span class="soft small">{text('publish.since', { day: calendarDay(published) })}</span>
      {workbook !== null && (
        <Button
          look="quiet"
          busy={task.busy}
          onPress={() => task.run(() => keep(workbook, `${form.code}-${form.version}.xlsx`))}
        >
          {text('publish.download')}
        </Button>
      )}
      <ProblemBox code={task.problem} />
    </li>
  );
}
