/** Questions, groups and rows of a form that is tried out. */
import { now } from '../../../data/clock.ts';
import { text } from '../../../text/index.ts';
import { asked } from '../fill/asked.ts';
import { says } from '../fill/judging.ts';
import { itemsOf, rowsAt, within } from '../fill/place.ts';
import type { Place, Row } from '../fill/place.ts';
import { QuestionField } from '../fill/question.tsx';
import { rowName } from '../fill/rowname.ts';
import { answerAt } from '../rules/answers.ts';
import { ROWS } from '../rules/evaluation.ts';
import type { Item, Question, Repeat } from '../rules/form.ts';
import { rowId } from '../rules/registers.ts';
import { answerKey } from './trial.ts';
import type { Trial } from './trial.ts';

const RANDOM_BYTES = 4;
const FILES: readonly Question['type'][] = ['image', 'file', 'audio'];

interface ItemsProps {
  trial: Trial;
  place: Place;
  items: readonly Item[];
  wrong: (path: string) => string | undefined;
}

export function TrialItems({ items, ...screen }: ItemsProps) {
  const { given } = screen.trial;
  const before = within(screen.place);
  return (
    <>
      {items
        .filter(({ name, type, label }) => given.evaluation.relevant.has(before + name) && isShown(type, label))
        .map((item) => {
          if (item.type === 'repeat') return <Rows key={item.name} repeat={item} {...screen} />;
          if (item.type !== 'group') return <Asking key={item.name} question={item} {...screen} />;
          return (
            <section key={item.name} class="group">
              {item.label !== undefined && <h3>{says(given, item.label, before)}</h3>}
              {item.hint !== undefined && <p class="hint">{says(given, item.hint, before)}</p>}
              <TrialItems {...screen} items={item.questions} />
            </section>
          );
        })}
    </>
  );
}

/** A calculation without a label is for other parts of the form only. */
function isShown(type: Item['type'], label: unknown): boolean {
  return type !== 'calculate' || label !== undefined;
}

function Asking({ question, trial, place, wrong }: Omit<ItemsProps, 'items'> & { question: Question }) {
  const { given } = trial;
  const path = within(place) + question.name;
  const key = answerKey(place, question.name);
  const how = asked(given, question, path);
  if (FILES.includes(question.type)) {
    return (
      <div class="field" id={path} tabIndex={-1} data-question={path} data-type={question.type}>
        <p class="label">{how.label}</p>
        {how.hint !== undefined && <p class="hint">{how.hint}</p>}
        <p class="soft">{text('publish.try.file')}</p>
      </div>
    );
  }
  return (
    <QuestionField
      asked={how}
      draft=""
      answer={answerAt(given.answers, path)}
      typed={trial.typed[key]}
      error={wrong(path)}
      optional={!given.evaluation.required.has(path)}
      onEdit={(value, typed) => trial.put(key, value, typed)}
      onLeave={() => trial.leave(key)}
    />
  );
}

function Rows({ repeat, trial, place, wrong }: Omit<ItemsProps, 'items'> & { repeat: Repeat }) {
  const { given } = trial;
  const path = within(place) + repeat.name;
  const rows = rowsAt(place, repeat, given.rows);
  const open = repeat.count === undefined;
  const label = says(given, repeat.label, within(place));
  const at = (row: Row): Place => ({ page: place.page, trail: [...place.trail, row] });
  const add = () => {
    const id = rowId(now(), crypto.getRandomValues(new Uint8Array(RANDOM_BYTES)), rows.map((row) => row.id));
    trial.add(at({ repeat, id, n: rows.length + 1, path: `${path}[${rows.length + 1}]` }));
  };
  return (
    <section id={path} data-repeat={path} tabIndex={-1} aria-label={label}>
      <h3>{label}</h3>
      {repeat.hint !== undefined && <p class="hint">{says(given, repeat.hint, within(place))}</p>}
      {wrong(path) !== undefined && <p class="error">{wrong(path)}</p>}
      {rows.map((row) => (
        <fieldset key={row.id} class="try-row">
          <legend>{rowName(given, at(row))}</legend>
          <TrialItems trial={trial} place={at(row)} items={itemsOf(at(row))} wrong={wrong} />
          {open && (
            <button type="button" class="button quiet" data-remove={row.path} onClick={() => trial.remove(at(row))}>
              {text('rows.remove')}
            </button>
          )}
        </fieldset>
      ))}
      {open && rows.length < ROWS && (
        <p>
          <button type="button" class="button second" data-add={path} onClick={add}>
            {text(rows.length === 0 ? 'rows.add' : 'rows.another', { label })}
          </button>
        </p>
      )}
    </section>
  );
}

