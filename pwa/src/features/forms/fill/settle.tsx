/** Two answers to one question, written on two phones with no network: side by side, until the person chooses. */
import { useSignal } from '@preact/signals';

import { now } from '../../../data/clock.ts';
import type { RecordView } from '../../../data/records.ts';
import type { Value } from '../../../sync/canonical.ts';
import { language, text } from '../../../text/index.ts';
import { moment } from '../../../text/time.ts';
import { Button, ProblemBox, useTask } from '../../../ui/task.tsx';
import type { Form } from '../rules/form.ts';
import { empty } from '../rules/rules.ts';
import { shown } from '../rules/summary.ts';
import { authorName } from '../share/author.ts';
import { differing } from '../share/model.ts';
import { writeAnswers } from '../share/write.ts';
import type { Asked } from './asked.ts';
import { QuestionField } from './question.tsx';
import { answerFrom } from './typed.ts';

interface SettleProps {
  view: RecordView;
  form: Form;
  asked: Asked;
  /** The key of the answer in the draft. */
  at: string;
  /** What the person was typing when the other answer arrived. */
  typed: string | undefined;
  onSettled: () => void;
}

export function Settle({ view, form, asked, at: key, typed, onSettled }: SettleProps) {
  const { question, path, label } = asked;
  const writing = useSignal(false);
  const fresh = useSignal<{ value: Value; typed: string } | null>(null);
  const task = useTask();
  const heads = differing(view, key);
  const settle = (value: Value) =>
    task.run(async () => {
      await writeAnswers(view.id, { [key]: value });
      onSettled();
    });
  function write(): void {
    if (typed !== undefined) fresh.value = { value: answerFrom(question, typed, language.value), typed };
    writing.value = true;
  }
  const title = text('settle.label', { label });
  return (
    <section
      class="settle"
      id={writing.value ? undefined : path}
      data-question={path}
      data-type="settle"
      tabIndex={-1}
      aria-label={title}
    >
      <h2>{label}</h2>
      <p>{text('settle.body')}</p>
      <ProblemBox code={task.problem} />
      {!writing.value && (
        <>
          <div class="sides">
            {heads.map((head) => (
              <div key={`${head.n} ${head.replica}`} class="side">
                <p class="from">
                  {text('settle.from', { phone: authorName(view, head.replica), time: moment(head.at, now()) })}
                </p>
                <p class="answer">
                  {empty(head.value) ? text('settle.empty') : shown(form, question, head.value, language.value)}
                </p>
                <Button look="second" busy={task.busy} onPress={() => settle(head.value)}>
                  {text('settle.choose')}
                </Button>
              </div>
            ))}
          </div>
          <Button look="quiet" onPress={write}>
            {text('settle.new')}
          </Button>
        </>
      )}
      {writing.value && (
        <>
          <QuestionField
            asked={asked}
            draft={view.id}
            answer={fresh.value?.value}
            typed={fresh.value?.typed}
            optional
            onEdit={(value, next) => (fresh.value = { value, typed: next })}
            onLeave={() => undefined}
          />
          <Button look="second" busy={task.busy} onPress={() => settle(fresh.value?.value ?? null)}>
            {text('settle.use')}
          </Button>{' '}
          <Button look="quiet" onPress={() => (writing.value = false)}>
            {text('action.cancel')}
          </Button>
        </>
      )}
    </section>
  );
}
