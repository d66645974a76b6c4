/** Drafts in lists: on the home page and on a procedure's. */
import { useSignal } from '@preact/signals';

import { change } from '../../../data/records.ts';
import type { RecordView } from '../../../data/records.ts';
import { text } from '../../../text/index.ts';
import { calendarDay } from '../../../text/time.ts';
import { Confirm } from '../../../ui/confirm.tsx';
import { Link } from '../../../ui/router.tsx';
import { Button, ProblemBox, useTask } from '../../../ui/task.tsx';
import { procedureTitle } from './title.ts';

/** Return when a draft was begun, in ms: a UUIDv7 begins with its time (RFC 9562 5.7). */
export function draftBegun({ id }: RecordView): number {
  return Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16);
}

export function DraftRows({ drafts }: { drafts: readonly RecordView[] }) {
  const leaving = useSignal<RecordView | null>(null);
  const task = useTask();
  return (
    <>
      <ProblemBox code={task.problem} />
      <ul class="rows">
        {drafts.map((draft) => {
          const title = procedureTitle(draft.values.procedure);
          return (
            <li key={draft.id} class="row">
              <span class="row-text">
                <Link href={`/drafts/${draft.id}`}>{title}</Link>
                <span class="row-detail">{text('draft.begun', { day: calendarDay(draftBegun(draft)) })}</span>
              </span>
              <Button look="quiet" onPress={() => (leaving.value = draft)}>
                {text('draft.delete')}
                <span class="visually-hidden"> {title}</span>
              </Button>
            </li>
          );
        })}
      </ul>
      {leaving.value !== null && (
        <Confirm
          title={text('draft.delete.title', { title: procedureTitle(leaving.value.values.procedure) })}
          action={text('draft.delete.action')}
          onCancel={() => (leaving.value = null)}
          onConfirm={() => {
            const id = leaving.value?.id;
            leaving.value = null;
            if (id !== undefined) task.run(() => change('draft', id, { removed: true }));
          }}
        >
          <p>{text('draft.delete.body')}</p>
        </Confirm>
      )}
    </>
  );
}
