/** /drafts/:id/new-version: what would become of the answers if a draft moved to the newer version of its form. */
import { change, record } from '../../../data/records.ts';
import { local, text } from '../../../text/index.ts';
import type { Key } from '../../../text/index.ts';
import { Page } from '../../../ui/page.tsx';
import { Link, navigate } from '../../../ui/router.tsx';
import { Button, ProblemBox, useTask } from '../../../ui/task.tsx';
import { moved } from '../rules/moved.ts';
import type { Move } from '../rules/moved.ts';
import { answerAt } from '../rules/answers.ts';
import { nameOf } from '../rules/rules.ts';
import { structureOf } from '../rules/structure.ts';
import { shown } from '../rules/summary.ts';
import { maySign } from '../share/who.tsx';
import { NoDraft, Sent } from './draft.tsx';
import { filling } from './filling.ts';
import type { Filling } from './filling.ts';
import { says } from './judging.ts';
import { publishedOf } from './model.ts';
import type { Published } from './model.ts';

export function NewVersion({ id }: { id: string }) {
  const given = filling(id);
  if (given === null) return <NoDraft />;
  const sent = given.view.values.submission;
  if (typeof sent === 'string') return <Sent submission={sent} />;
  // Only the owner moves a draft.
  const own = maySign(given.view);
  const next = given.newer === null || !own ? null : publishedOf(record('form', given.newer).value);
  return (
    <Page
      title={text('version.title')}
      kicker={local(given.form.title)}
      back={{ href: `/drafts/${id}`, label: text('questions.overview') }}
    >
      {next === null ? <p>{text('version.current')}</p> : <Moving given={given} next={next} />}
    </Page>
  );
}

const FATES = [
  { fate: 'dropped', title: 'version.dropped', body: 'version.dropped.body' },
  { fate: 'changed', title: 'version.changed', body: 'version.changed.body' },
] as const satisfies readonly { fate: Move['fate']; title: Key; body: Key }[];

function Moving({ given, next }: { given: Filling; next: Published }) {
  const { view, form } = given;
  const task = useTask();
  const moves = moved(form, next.form, given.answers, given.at, view.id);
  const overview = `/drafts/${view.id}`;
  const move = () =>
    task.run(async () => {
      await change('draft', view.id, { form_sha256: next.sha256 });
      navigate(overview);
    });
  return (
    <>
      <p>{text('version.which', { before: form.version, after: next.form.version })}</p>
      {moves.every(({ fate }) => fate === 'kept') && <p>{text('version.none')}</p>}
      {FATES.map(({ fate, ...words }) => (
        <Affected key={fate} given={given} moves={moves.filter((each) => each.fate === fate)} {...words} />
      ))}
      <ProblemBox code={task.problem} />
      <div class="actions">
        <Button busy={task.busy} onPress={move}>
          {text('version.action')}
        </Button>
        <Link href={overview}>{text('version.later')}</Link>
      </div>
    </>
  );
}

interface AffectedProps {
  given: Filling;
  moves: readonly Move[];
  title: Key;
  body: Key;
}

/** Answers that share a fate, as they stand now. */
function Affected({ given, moves, title, body }: AffectedProps) {
  if (moves.length === 0) return null;
  return (
    <>
      <h2>{text(title)}</h2>
      <p class="soft">{text(body)}</p>
      <dl class="facts">
        {moves.map(({ path, why }) => (
          <div key={path} data-moved={path} data-why={why}>
            <dt>{labelAt(given, path)}</dt>
            <dd>{shownAt(given, path)}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

function labelAt(given: Filling, path: string): string {
  const label = structureOf(given.form).questions.get(nameOf(path))?.label;
  return label === undefined ? path : says(given, label, path);
}

function shownAt({ form, answers, language }: Filling, path: string): string {
  const question = structureOf(form).questions.get(nameOf(path));
  return question === undefined ? '' : shown(form, question, answerAt(answers, path), language);
}
