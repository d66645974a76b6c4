/** The form page by page as a resident will see it; nothing that is written here is kept anywhere. */
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';

import { language, local, text } from '../../../text/index.ts';
import { ErrorSummary } from '../../../ui/errors.tsx';
import { Button } from '../../../ui/task.tsx';
import { says } from '../fill/judging.ts';
import { mistakeText } from '../fill/mistakes.ts';
import { pageAfter } from '../fill/model.ts';
import type { Place } from '../fill/place.ts';
import { problemsAt } from '../fill/progress.ts';
import type { Form, Page } from '../rules/form.ts';
import { cleaned } from '../rules/rules.ts';
import { summary } from '../rules/summary.ts';
import { useTrial } from './trial.ts';
import type { Trial } from './trial.ts';
import { TrialItems } from './trialitems.tsx';

/** Where the summary stands, after the last page. */
const END = '';

export function TryOut({ form }: { form: Form }) {
  const open = useSignal(false);
  return (
    <section aria-labelledby="try-out">
      <h2 id="try-out">{text('publish.try')}</h2>
      <p>{text('publish.try.body')}</p>
      {open.value ? (
        <Pages form={form} />
      ) : (
        <div class="actions">
          <Button look="second" onPress={() => (open.value = true)}>
            {text('publish.try.open')}
          </Button>
        </div>
      )}
    </section>
  );
}

function Pages({ form }: { form: Form }) {
  const trial = useTrial(form);
  const { pages } = trial.given.evaluation;
  const chosen = useSignal(pages[0] ?? END);
  const at = chosen.value === END || pages.includes(chosen.value) ? chosen.value : (pages[0] ?? END);
  const page = form.pages.find(({ name }) => name === at);
  const next = () => (chosen.value = pageAfter(trial.given.evaluation, at) ?? END);
  return (
    <div class="try-out">
      <nav aria-label={text('publish.try.pages')}>
        <ol class="try-pages">
          {[...pages, END].map((name) => (
            <li key={name}>
              <button
                type="button"
                class="button quiet"
                aria-current={name === at ? 'step' : undefined}
                data-page={name}
                onClick={() => (chosen.value = name)}
              >
                {titleOf(form, name)}
              </button>
            </li>
          ))}
        </ol>
      </nav>
      {page === undefined ? (
        <End trial={trial} onAgain={() => (chosen.value = pages[0] ?? END)} />
      ) : (
        <OnePage key={at} trial={trial} page={page} onNext={next} />
      )}
    </div>
  );
}

function titleOf(form: Form, name: string): string {
  const page = form.pages.find((each) => each.name === name);
  return page === undefined ? text('publish.try.end') : local(page.label);
}

function OnePage({ trial, page, onNext }: { trial: Trial; page: Page; onNext: () => void }) {
  const attempt = useSignal(0);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  const { given } = trial;
  const place: Place = { page, trail: [] };
  const problems = problemsAt(given, place);
  const wrong = (path: string) =>
    attempt.value > 0 && problems.includes(path) ? mistakeText(given, path) : undefined;
  const mistakes = problems.map((path) => ({ id: path, message: mistakeText(given, path, { named: true }) }));
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (mistakes.length > 0) attempt.value += 1;
        else onNext();
      }}
    >
      <h3 tabIndex={-1} ref={heading}>
        {local(page.label)}
      </h3>
      <ErrorSummary mistakes={attempt.value > 0 ? mistakes : []} attempt={attempt.value} />
      {page.hint !== undefined && <p class="lead">{says(given, page.hint, '')}</p>}
      <TrialItems trial={trial} place={place} items={page.questions} wrong={wrong} />
      <div class="actions">
        <button class="button second" data-next>
          {text('publish.try.next')}
        </button>
        {attempt.value > 0 && mistakes.length > 0 && (
          <Button look="quiet" onPress={onNext}>
            {text('publish.try.skip')}
          </Button>
        )}
      </div>
    </form>
  );
}

/** What the resident would look through and sign. */
function End({ trial, onAgain }: { trial: Trial; onAgain: () => void }) {
  const { form, answers, at, evaluation } = trial.given;
  const open = evaluation.problems.size;
  return (
    <section aria-labelledby="try-end">
      <h3 id="try-end">{text('publish.try.end')}</h3>
      {open > 0 && (
        <p class="notice wait" role="status">
          {text('publish.try.open_questions', { n: open })}
        </p>
      )}
      <pre class="summary">{summary(form, cleaned(form, answers, at), language.value)}</pre>
      <div class="actions">
        <Button
          look="second"
          onPress={() => {
            trial.startOver();
            onAgain();
          }}
        >
          {text('publish.try.again')}
        </Button>
      </div>
    </section>
  );
}
