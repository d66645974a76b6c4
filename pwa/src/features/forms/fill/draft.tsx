/** /drafts/:id: the task list of a form that is being filled. */
import { useEffect } from 'preact/hooks';

import { local, text } from '../../../text/index.ts';
import { Tag } from '../../../ui/list.tsx';
import { Page } from '../../../ui/page.tsx';
import { Link, navigate } from '../../../ui/router.tsx';
import { maySign, Together } from '../share/who.tsx';
import { filling } from './filling.ts';
import type { Filling } from './filling.ts';
import { says } from './judging.ts';
import { KeptDraft } from './keptdraft.tsx';
import { stateAt } from './progress.ts';
import { STATES } from './states.ts';
import { OtherVersion } from './version.tsx';

export function Draft({ id }: { id: string }) {
  const given = filling(id);
  if (given === null) return <NoDraft />;
  const sent = given.view.values.submission;
  if (typeof sent === 'string') return <Sent submission={sent} />;
  return <Tasks given={given} />;
}

function Tasks({ given }: { given: Filling }) {
  const { view, form, evaluation } = given;
  const pages = form.pages.filter(({ name }) => evaluation.pages.includes(name));
  const states = pages.map((page) => ({ page, state: stateAt(given, { page, trail: [] }) }));
  const done = states.filter(({ state }) => state === 'done' || state === 'optional').length;
  return (
    <Page title={local(form.title)} kicker={text('task.kicker')} back={{ href: '/', label: text('page.home') }}>
      <p>{text('task.progress', { done, all: states.length })}</p>
      <OtherVersion given={given} />
      <Together view={view} />
      <ol class="rows">
        {states.map(({ page, state }) => (
          <li key={page.name} class="row">
            <span class="row-text">
              <Link
                href={`/drafts/${view.id}/${page.name}`}
                data-page={page.name}
                data-state={state}
                aria-describedby={`state-${page.name}`}
              >
                {says(given, page.label, '')}
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
          {text(maySign(view) ? 'task.review' : 'share.review')}
        </Link>
      </div>
      <KeptDraft given={given} />
      <p class="soft small">{text('task.kept')}</p>
    </Page>
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
