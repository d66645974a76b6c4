/** What is asked at a place: questions one below the other, groups under their headings, repeats as lists. */
import type { RecordView } from '../../../data/records.ts';
import { stringify } from '../../../sync/canonical.ts';
import type { Value } from '../../../sync/canonical.ts';
import { answerAt } from '../rules/answers.ts';
import type { Item, Question } from '../rules/form.ts';
import { shown } from '../rules/summary.ts';
import { asked } from './asked.ts';
import type { Filling } from './filling.ts';
import { says } from './judging.ts';
import { ANSWER, FROM } from './model.ts';
import { keysWithin, within } from './place.ts';
import type { Place } from './place.ts';
import { QuestionField } from './question.tsx';
import { RepeatList } from './repeat.tsx';
import { differing } from '../share/model.ts';
import { Wrote } from '../share/who.tsx';
import { Settle } from './settle.tsx';
import type { Typing } from './typing.ts';

export interface ItemsProps {
  /** The draft with what is typed right now. */
  given: Filling;
  place: Place;
  items: readonly Item[];
  typing: Typing;
  /** The message for what is wrong at a path, when that is to be shown. */
  wrong: (path: string) => string | undefined;
}

export function Items({ items, ...screen }: ItemsProps) {
  const { given, place, typing, wrong } = screen;
  const before = within(place);
  // A result without a label is for the form's own use.
  const seen = items.filter((item) => item.type !== 'calculate' || item.label !== undefined);
  const applying = seen.filter(({ name }) => given.evaluation.relevant.has(before + name));
  return (
    <>
      {applying.map((item) => {
        const path = before + item.name;
        if (item.type === 'repeat') {
          const untitled = place.trail.length === 0 && place.page.label[given.language] === item.label[given.language];
          const list = { given, place, untitled, error: wrong(path), flush: () => typing.flush() };
          return <RepeatList key={item.name} repeat={item} {...list} />;
        }
        if (item.type !== 'group') return <Asking key={item.name} question={item} {...screen} />;
        const heading = `group-${path}`;
        return (
          <section key={item.name} class="group" aria-labelledby={item.label === undefined ? undefined : heading}>
            {item.label !== undefined && <h2 id={heading}>{says(given, item.label, before)}</h2>}
            {item.hint !== undefined && <p class="hint">{says(given, item.hint, before)}</p>}
            <Items {...screen} items={item.questions} />
          </section>
        );
      })}
    </>
  );
}

function Asking({ question, given, place, typing, wrong }: Omit<ItemsProps, 'items'> & { question: Question }) {
  const { view } = given;
  const path = within(place) + question.name;
  const tail = keysWithin(place) + question.name;
  const key = ANSWER + tail;
  const edit = typing.edits[key];
  const how = asked(given, question, path);
  if (differing(view, key).length > 0) {
    const settling = { view, form: given.form, asked: how, at: key, typed: edit?.typed };
    return <Settle {...settling} onSettled={() => typing.drop(key)} />;
  }
  return (
    <QuestionField
      asked={how}
      draft={view.id}
      answer={answerAt(given.answers, path)}
      typed={edit?.typed}
      error={wrong(path)}
      optional={!given.evaluation.required.has(path)}
      source={sourceOf(view, tail)}
      wrote={<Wrote view={view} of={key} other={edit && otherAnswer(given, question, key, edit.value)} />}
      onEdit={(value, typed) => {
        typing.put(key, { value, typed });
        // What a person wrote is their own word, whatever was filled in before.
        if (typeof view.values[FROM + tail] === 'string') typing.also(FROM + tail, null);
      }}
      onLeave={() => void typing.leave(key)}
    />
  );
}

/** Where the answer came from, while nobody has changed it. */
function sourceOf({ values }: RecordView, tail: string): string | undefined {
  const source = values[FROM + tail];
  return typeof source === 'string' ? source : undefined;
}

/** What the draft holds in place of what is being typed, when somebody else wrote it meanwhile. */
function otherAnswer(given: Filling, question: Question, key: string, typed: Value): string | undefined {
  const { form, view, language } = given;
  const value = view.values[key];
  if (value === undefined || stringify(value) === stringify(typed)) return undefined;
  return shown(form, question, value, language);
}
