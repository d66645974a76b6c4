/** "Add another": the rows of a repeat as a list, each with a line that tells it from the others. */
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';

import { now } from '../../../data/clock.ts';
import { language, text } from '../../../text/index.ts';
import { Confirm } from '../../../ui/confirm.tsx';
import { Tag } from '../../../ui/list.tsx';
import { Link, navigate } from '../../../ui/router.tsx';
import { ProblemBox, useTask } from '../../../ui/task.tsx';
import type { Repeat } from '../rules/form.ts';
import { SettleRow } from '../share/settlerow.tsx';
import { writeAnswers } from '../share/write.ts';
import { ROWS } from '../rules/evaluation.ts';
import { rowId } from '../rules/registers.ts';
import { beginRow, says } from './judging.ts';
import { hrefOf, rowKey, rowsAt, within } from './place.ts';
import type { Place, Row } from './place.ts';
import { stateAt } from './progress.ts';
import type { State } from './progress.ts';
import type { Filling } from './filling.ts';
import { rowName, rowSummary } from './rowname.ts';
import { STATES } from './states.ts';

/** Of a row's id. */
const RANDOM_BYTES = 4;

interface RepeatListProps {
  given: Filling;
  place: Place;
  repeat: Repeat;
  /** The page has this name already. */
  untitled: boolean;
  error: string | undefined;
  /** Save what is typed on this screen, before it is left. */
  flush: () => Promise<boolean>;
}

export function RepeatList({ given, place, repeat, untitled, error, flush }: RepeatListProps) {
  const { view } = given;
  const path = within(place) + repeat.name;
  const open = repeat.count === undefined;
  const rows = rowsAt(place, repeat, given.rows);
  const removed = useSignal<{ key: string; name: string } | null>(null);
  const leaving = useSignal<Row | null>(null);
  const task = useTask();
  const label = says(given, repeat.label, within(place));
  const at = (row: Row): Place => ({ page: place.page, trail: [...place.trail, row] });

  const add = () =>
    task.run(async () => {
      if (!(await flush())) return;
      const others = rows.map((row) => row.id);
      const id = rowId(now(), crypto.getRandomValues(new Uint8Array(RANDOM_BYTES)), others);
      const fresh = at({ repeat, id, n: rows.length + 1, path: `${path}[${rows.length + 1}]` });
      await writeAnswers(view.id, { [rowKey(fresh)]: true, ...beginRow(given, fresh, view.id) });
      navigate(hrefOf(view.id, fresh));
    });
  const remove = (row: Row) =>
    task.run(async () => {
      leaving.value = null;
      const key = rowKey(at(row));
      await writeAnswers(view.id, { [key]: null });
      removed.value = { key, name: rowName(given, at(row)) };
    });

  return (
    <section
      class={error === undefined ? 'repeat' : 'repeat wrong'}
      id={path}
      data-repeat={path}
      tabIndex={-1}
      aria-label={label}
    >
      {!untitled && <h2>{label}</h2>}
      {repeat.hint !== undefined && <p class="hint">{says(given, repeat.hint, within(place))}</p>}
      {error !== undefined && <p class="error">{error}</p>}
      {!open && <p class="hint">{text('rows.counted', { n: rows.length })}</p>}
      <ProblemBox code={task.problem} />
      {removed.value !== null && (
        <Removed
          name={removed.value.name}
          onUndo={() => {
            const key = removed.value?.key;
            removed.value = null;
            if (key !== undefined) task.run(() => writeAnswers(view.id, { [key]: true }));
          }}
        />
      )}
      {rows.map((row) => (
        <SettleRow key={row.id} view={view} of={rowKey(at(row))} row={rowName(given, at(row))} />
      ))}
      {rows.length === 0 && <p class="soft">{text('rows.none')}</p>}
      {rows.length > 0 && (
        <ul class="rows">
          {rows.map((row) => {
            const state = stateAt(given, at(row));
            const name = rowName(given, at(row));
            return (
              <li key={row.id} class="row">
                <span class="row-text">
                  <Link href={hrefOf(view.id, at(row))} data-edit={row.path}>
                    {name}
                  </Link>
                  <span class="row-detail">{rowSummary(given, at(row), language.value) || text('rows.empty')}</span>
                </span>
                {shownState(state) !== null && <Tag tone={STATES[state].tone}>{text(STATES[state].key)}</Tag>}
                {open && (
                  <button
                    type="button"
                    class="button quiet"
                    data-remove={row.path}
                    onClick={() => {
                      if (rowSummary(given, at(row), language.value) === '') remove(row);
                      else leaving.value = row;
                    }}
                  >
                    {text('rows.remove')}
                    <span class="visually-hidden"> {name}</span>
                  </button>
                )}
              </li>
            );
          })}
        </ul>
      )}
      {open && rows.length < ROWS && (
        <button type="button" class="button second" data-add={path} aria-disabled={task.busy} onClick={add}>
          {text(rows.length === 0 ? 'rows.add' : 'rows.another', { label })}
        </button>
      )}
      {open && rows.length >= ROWS && <p class="hint">{text('rows.full', { most: ROWS })}</p>}
      {leaving.value !== null && (
        <Confirm
          title={text('rows.remove.title', { name: rowName(given, at(leaving.value)) })}
          action={text('rows.remove.action')}
          onCancel={() => (leaving.value = null)}
          onConfirm={() => leaving.value !== null && remove(leaving.value)}
        >
          <p>{rowSummary(given, at(leaving.value), language.value)}</p>
          <p>{text('rows.remove.body')}</p>
        </Confirm>
      )}
    </section>
  );
}

/** Says what went, with the focus on the way back: the button that had it is gone. */
function Removed({ name, onUndo }: { name: string; onUndo: () => void }) {
  const undo = useRef<HTMLButtonElement>(null);
  useEffect(() => undo.current?.focus(), [name]);
  return (
    <div class="notice undo" role="status">
      <p>{text('rows.removed', { name })}</p>
      <button type="button" class="button quiet" ref={undo} onClick={onUndo}>
        {text('rows.undo')}
      </button>
    </div>
  );
}

/** A row that is done, or need not be, says so by its summary. */
function shownState(state: State): State | null {
  return state === 'done' || state === 'optional' ? null : state;
}
