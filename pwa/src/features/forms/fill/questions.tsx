/** /drafts/:id/:page: one topic of a form; every letter is saved while it is typed. */
import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';

import { change } from '../../../data/records.ts';
import type { RecordView } from '../../../data/records.ts';
import type { Value } from '../../../sync/canonical.ts';
import { language, local, text } from '../../../text/index.ts';
import { ErrorSummary } from '../../../ui/errors.tsx';
import type { Mistake } from '../../../ui/errors.tsx';
import { Page } from '../../../ui/page.tsx';
import { Link, navigate } from '../../../ui/router.tsx';
import { createSaver } from './autosave.ts';
import type { Saving } from './autosave.ts';
import { NoDraft, OtherVersion, Sent } from './draft.tsx';
import { filling } from './filling.ts';
import type { Filling } from './filling.ts';
import type { Page as FormPage, Question } from '../rules/form.ts';
import { ANSWER, FROM, mistakeKey, pageAfter } from './model.ts';
import { QuestionField } from './question.tsx';
import { evaluate } from '../rules/rules.ts';
import type { AnswerCode } from '../rules/rules.ts';
import { Settle } from './settle.tsx';

export function Questions({ id, page: name }: { id: string; page: string }) {
  const given = filling(id);
  const page = given?.form.pages.find((each) => each.name === name);
  if (given === null || page === undefined) return <NoDraft />;
  const sent = given.view.values.submission;
  if (typeof sent === 'string') return <Sent submission={sent} />;
  return <Fill given={given} page={page} />;
}

interface Edit {
  /** As it stands in the field. */
  typed: string;
  value: Value;
}

function Fill({ given, page }: { given: Filling; page: FormPage }) {
  const { view, form, today } = given;
  const edits = useSignal<Readonly<Record<string, Edit>>>({});
  const judged = useSignal({ attempt: 0, shown: false });
  const saver = useMemo(() => createSaver({ write: (values) => change('draft', view.id, values) }), [view.id]);
  useEffect(() => {
    const flush = () => void saver.flush();
    document.addEventListener('visibilitychange', flush);
    window.addEventListener('pagehide', flush);
    return () => {
      document.removeEventListener('visibilitychange', flush);
      window.removeEventListener('pagehide', flush);
      flush();
    };
  }, [saver]);

  const typedNow = Object.entries(edits.value).map(([name, edit]) => [name, edit.value] as const);
  const answers = { ...given.answers, ...Object.fromEntries(typedNow) };
  const evaluation = evaluate(form, answers, today);
  const questions = page.questions.filter(({ name }) => evaluation.relevant.has(name));
  const mistakes: Mistake[] = questions.flatMap((question) => {
    const code = evaluation.problems.get(question.name);
    return code === undefined
      ? []
      : [{ id: question.name, message: `${local(question.label)}: ${mistake(question, code)}` }];
  });
  const shownMistakes = judged.value.shown ? mistakes : [];

  function put(question: Question, edit: Edit): void {
    edits.value = { ...edits.value, [question.name]: edit };
    saver.put(ANSWER + question.name, edit.value);
    // What a person wrote is their own word, whatever was filled in before.
    if (typeof view.values[FROM + question.name] === 'string') saver.put(FROM + question.name, null);
  }
  /** From here on the field shows what the draft holds. */
  function forget({ name }: Question): void {
    edits.value = Object.fromEntries(Object.entries(edits.peek()).filter(([each]) => each !== name));
  }
  async function leaveField(question: Question): Promise<void> {
    await saver.flush();
    if (saver.state.peek() === 'saved') forget(question);
  }
  async function goOn(): Promise<void> {
    await saver.flush();
    if (saver.state.peek() === 'failed') return;
    if (mistakes.length > 0) {
      judged.value = { attempt: judged.value.attempt + 1, shown: true };
      return;
    }
    navigate(`/drafts/${view.id}/${pageAfter(evaluation, page.name) ?? 'review'}`);
  }

  const overview = { href: `/drafts/${view.id}`, label: text('questions.overview') };
  return (
    <Page title={local(page.label)} kicker={local(form.title)} back={overview} wrong={shownMistakes.length > 0}>
      <ErrorSummary mistakes={shownMistakes} attempt={judged.value.attempt} />
      <OtherVersion given={given} />
      {page.hint !== undefined && <p class="lead">{local(page.hint)}</p>}
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void goOn();
        }}
      >
        {questions.map((question) => {
          const heads = view.conflicts[ANSWER + question.name];
          const edit = edits.value[question.name];
          if (heads !== undefined) {
            return (
              <Settle
                key={question.name}
                view={view}
                form={form}
                question={question}
                typed={edit?.typed}
                onSettled={() => {
                  saver.drop(ANSWER + question.name);
                  forget(question);
                }}
              />
            );
          }
          const code = judged.value.shown ? evaluation.problems.get(question.name) : undefined;
          return (
            <QuestionField
              key={question.name}
              form={form}
              question={question}
              answer={answers[question.name]}
              typed={edit?.typed}
              error={code === undefined ? undefined : mistake(question, code)}
              optional={!evaluation.required.has(question.name)}
              source={sourceOf(view, question)}
              onEdit={(value, typed) => put(question, { value, typed })}
              onLeave={() => void leaveField(question)}
            />
          );
        })}
        <div class="actions">
          <button class="button main">{text('questions.continue')}</button>
          <Link href={overview.href}>{text('questions.later')}</Link>
        </div>
      </form>
      <SavedLine saving={saver.state.value} />
    </Page>
  );
}

/** Where the answer came from, while nobody has changed it. */
function sourceOf({ values }: RecordView, { name }: Question): string | undefined {
  const source = values[FROM + name];
  return typeof source === 'string' ? source : undefined;
}

function SavedLine({ saving }: { saving: Saving }) {
  const said = { idle: '', saving: text('saved.saving'), saved: text('saved.saved'), failed: text('saved.failed') };
  return (
    <div role={saving === 'failed' ? 'alert' : undefined}>
      <p class={saving === 'failed' ? 'saved failed' : 'saved'} data-testid="saved">
        {said[saving]}
      </p>
    </div>
  );
}

function mistake(question: Question, code: AnswerCode): string {
  if (code === 'answer_constraint' && question.constraint_message !== undefined) {
    return local(question.constraint_message);
  }
  return text(mistakeKey(question, code), { example: language.value === 'vi' ? '12,5' : '12.5' });
}
