/** /drafts/:id: the task list of a form that is being filled. */
import { useEffect } from 'preact/hooks';

import { change } from '../../../data/records.ts';
import { local, text } from '../../../text/index.ts';
import type { Key } from '../../../text/index.ts';
import { Tag } from '../../../ui/list.tsx';
import type { Tone } from '../../../ui/list.tsx';
import { Page } from '../../../ui/page.tsx';
import { Link, navigate } from '../../../ui/router.tsx';
import { Button, ProblemBox, useTask } from '../../../ui/task.tsx';
import { filling } from './filling.ts';
import type { Filling } from './filling.ts';
import { pageState } from './model.ts';
import type { PageState } from './model.ts';

const STATES: Readonly<Record<PageState, { key: Key; tone: Tone }>> = {
  settle: { key: 'task.settle', tone: 'wait' },
  done: { key: 'task.done', tone: 'good' },
  started: { key: 'task.started', tone: 'wait' },
  untouched: { key: 'task.untouched', tone: 'plain' },
  optional: { key: 'task.optional', tone: 'plain' },
};

export function Draft({ id }: { id: string }) {
  const given = filling(id);
  if (given === null) return <NoDraft />;
  const sent = given.view.values.submission;
  if (typeof sent === 'string') return <Sent submission={sent} />;
  return <Tasks given={given} />;
}

function Tasks({ given }: { given: Filling }) {
  const { view, form, answers, evaluation, unsettled } = given;
  const pages = form.pages.filter(({ name }) => evaluation.pages.includes(name));
  const states = pages.map((page) => ({ page, state: pageState(page, answers, evaluation, unsettled) }));
  const done = states.filter(({ state }) => state === 'done' || state === 'optional').length;
  return (
    <Page title={local(form.title)} kicker={text('task.kicker')} back={{ href: '/', label: text('page.home') }}>
      <p>{text('task.progress', { done, all: states.length })}</p>
      <OtherVersion given={given} />
      <ol class="rows">
        {states.map(({ page, state }) => (
          <li key={page.name} class="row">
            <span class="row-text">
              <Link href={`/drafts/${view.id}/${page.name}`} aria-describedby={`state-${page.name}`}>
                {local(page.label)}
              </Link>
            </span>
            <span id={`state-${page.name}`}>
              <Tag tone={STATES[state].tone}>{text(STATES[state].key)}</Tag>
            </span>
          </li>
        ))}
      </ol>
      <div class="actions">
        <Link class="button main" href={`/drafts/${view.id}/review`}>
          {text('task.review')}
        </Link>
      </div>
      <p class="soft small">{text('task.kept')}</p>
    </Page>
  );
}

/** Says that the form was changed after this draft was begun, and moves the draft to it. */
export function OtherVersion({ given: { view, newer } }: { given: Filling }) {
  const task = useTask();
  if (newer === null) return null;
  return (
    <div class="notice wait">
      <h2>{text('version.title')}</h2>
      <p>{text('version.body')}</p>
      <ProblemBox code={task.problem} />
      <Button look="second" onPress={() => task.run(() => change('draft', view.id, { form_sha256: newer }))}>
        {text('version.action')}
      </Button>
    </div>
  );
}

export function NoDraft() {
  return (
    <Page title={text('draft.unknown')} back={{ href: '/', label: text('page.home') }}>
      <p>{text('draft.unknown.body')}</p>
    </Page>
  );
}

/** The draft was signed: what follows is on the dossier's page. */
export function Sent({ submission }: { submission: string }) {
  useEffect(() => navigate(`/dossiers/${submission}`, { replace: true }), [submission]);
  return null;
}
