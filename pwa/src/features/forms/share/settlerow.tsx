/** A row that was removed here and edited there: both are said, with author and time, until a person chooses. */
import { now } from '../../../data/clock.ts';
import { change } from '../../../data/records.ts';
import type { RecordView } from '../../../data/records.ts';
import { text } from '../../../text/index.ts';
import { moment } from '../../../text/time.ts';
import { Button, ProblemBox, useTask } from '../../../ui/task.tsx';
import { authorName } from './author.ts';
import { differing } from './model.ts';

interface SettleRowProps {
  view: RecordView;
  /** The row's key in the draft. */
  of: string;
  /** What the row is called, such as "Con 2". */
  row: string;
}

/** Nothing, unless there is something to settle. */
export function SettleRow({ view, of, row }: SettleRowProps) {
  const task = useTask();
  const heads = differing(view, of);
  if (heads.length === 0) return null;
  const settle = (value: true | null) => task.run(() => change('draft', view.id, { [of]: value }));
  const title = text('share.row.title', { row });
  return (
    <section class="settle" tabIndex={-1} aria-label={title} data-settle={of}>
      <h2>{title}</h2>
      <p>{text('share.row.body')}</p>
      <ProblemBox code={task.problem} />
      <ul class="row-heads">
        {heads.map((head) => (
          <li key={`${head.n} ${head.replica}`}>
            {text(head.value === null ? 'share.row.removed' : 'share.row.edited', {
              name: authorName(view, head.replica),
              time: moment(head.at, now()),
            })}
          </li>
        ))}
      </ul>
      <div class="actions">
        <Button look="second" busy={task.busy} onPress={() => settle(true)}>
          {text('share.row.keep')}
        </Button>
        <Button look="quiet" busy={task.busy} onPress={() => settle(null)}>
          {text('share.row.drop')}
        </Button>
      </div>
    </section>
  );
}
