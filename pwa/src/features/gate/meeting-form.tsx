/** /meetings/new and /meetings/:id/edit: what a meeting is. It is saved on the phone first, like everything. */
import { useSignal } from '@preact/signals';

import { now } from '../../data/clock.ts';
import { change, newId } from '../../data/records.ts';
import { local, text } from '../../text/index.ts';
import { OneOf, OneOfMany, SeveralOf } from '../../ui/choice.tsx';
import { DateField } from '../../ui/datefield.tsx';
import { ErrorSummary } from '../../ui/errors.tsx';
import { TextField } from '../../ui/field.tsx';
import { Page } from '../../ui/page.tsx';
import { Link, navigate } from '../../ui/router.tsx';
import { ProblemBox, useTask } from '../../ui/task.tsx';
import { draftOf, emptyDraft, LENGTHS, read } from './meeting-model.ts';
import type { Draft, DraftField, Meeting } from './meeting-model.ts';
import { ownPlaces } from './officer-known.ts';
import { OfficersOnly, OfMeeting } from './officers-only.tsx';
import { TimeField } from './timefield.tsx';

/** More places than these go into the phone's own list. */
const RADIOS = 5;

export function NewMeeting() {
  return <OfficersOnly>{(unit) => <Form unit={unit} meeting={null} />}</OfficersOnly>;
}

export function EditMeeting({ id }: { id: string }) {
  return <OfMeeting id={id}>{(meeting) => <Form unit={meeting.unit} meeting={meeting} />}</OfMeeting>;
}

function Form({ unit, meeting }: { unit: string; meeting: Meeting | null }) {
  const draft = useSignal<Draft>(meeting === null ? startingDraft() : draftOf(meeting));
  const judged = useSignal({ attempt: 0, shown: false });
  const task = useTask();
  const values = read(draft.value, now());
  const mistakes = judged.value.shown && Array.isArray(values) ? values : [];
  const back =
    meeting === null
      ? { href: '/meetings', label: text('meetings.title') }
      : { href: `/meetings/${meeting.id}`, label: meeting.title };
  const put = (part: Partial<Draft>) => (draft.value = { ...draft.value, ...part });
  const error = (field: DraftField) => {
    const mistake = mistakes.find((each) => each.field === field);
    return mistake === undefined ? undefined : text(mistake.key);
  };

  function submit(): void {
    if (Array.isArray(values)) {
      judged.value = { attempt: judged.value.attempt + 1, shown: true };
      return;
    }
    const id = meeting?.id ?? newId();
    task.run(async () => {
      await change('meeting', id, meeting === null ? { unit, ...values } : values);
      navigate(`/meetings/${id}`, { replace: true });
    });
  }

  return (
    <Page
      title={text(meeting === null ? 'form.new' : 'form.edit')}
      kicker={meeting?.title}
      back={back}
      wrong={mistakes.length > 0}
    >
      <ErrorSummary
        mistakes={mistakes.map(({ field, key }) => ({ id: field, message: text(key) }))}
        attempt={judged.value.attempt}
      />
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <TextField
          id="title"
          label={label('title')}
          hint={text('form.title.hint')}
          error={error('title')}
          most={LENGTHS.title}
          value={draft.value.title}
          onInput={(title) => put({ title })}
        />
        <Where draft={draft.value} put={put} error={error} />
        <When draft={draft.value} put={put} error={error} />
        <TextField
          id="host"
          label={label('host')}
          hint={text('form.host.hint')}
          error={error('host')}
          most={LENGTHS.host}
          value={draft.value.host}
          onInput={(host) => put({ host })}
        />
        <TextField
          id="room"
          label={label('room')}
          optional
          most={LENGTHS.room}
          value={draft.value.room}
          onInput={(room) => put({ room })}
        />
        <TextField
          id="note"
          label={label('note')}
          hint={text('form.note.hint')}
          optional
          multiline
          most={LENGTHS.note}
          value={draft.value.note}
          onInput={(note) => put({ note })}
        />
        <Entries draft={draft.value} put={put} error={error} />
        <ProblemBox code={task.problem} />
        <div class="actions">
          <button class="button main" aria-disabled={task.busy}>
            {text(meeting === null ? 'form.create' : 'form.save')}
          </button>
          <Link href={back.href}>{text('action.cancel')}</Link>
        </div>
        <p class="soft small">{text('form.offline')}</p>
      </form>
    </Page>
  );
}

interface PartProps {
  draft: Draft;
  put: (part: Partial<Draft>) => void;
  error: (field: DraftField) => string | undefined;
}

function Where({ draft, put, error }: PartProps) {
  const places = ownPlaces();
  const place = places.find(({ number }) => String(number) === draft.place);
  const choices = places.map(({ number, name, address }) => ({
    name: String(number),
    label: address === '' ? local(name) : `${local(name)}, ${address}`,
  }));
  const List = places.length > RADIOS ? OneOfMany : OneOf;
  return (
    <>
      {places.length === 0 && (
        <div class="notice wait">
          <p>{text('form.place.none')}</p>
        </div>
      )}
      <List
        id="place"
        label={label('place')}
        error={error('place')}
        choices={choices}
        value={draft.place}
        onChoose={(name) => {
          const gates = places.find(({ number }) => String(number) === name)?.gates ?? [];
          put({ place: name, gates: gates.map(({ bit }) => String(bit)) });
        }}
      />
      {place !== undefined && (
        <SeveralOf
          id="gates"
          label={label('gates')}
          hint={text('form.gates.hint')}
          error={error('gates')}
          choices={place.gates.map(({ bit, name }) => ({ name: String(bit), label: local(name) }))}
          value={draft.gates}
          onChoose={(gates) => put({ gates })}
        />
      )}
    </>
  );
}

function When({ draft, put, error }: PartProps) {
  return (
    <>
      <DateField
        id="day"
        label={label('day')}
        error={error('day')}
        value={draft.day}
        onInput={(day) => put({ day: day ?? '' })}
      />
      <div class="from-to">
        <TimeField
          id="from"
          label={label('from')}
          hint={text('form.time.hint', { example: '08:30' })}
          error={error('from')}
          value={draft.from}
          onInput={(from) => put({ from })}
        />
        <TimeField
          id="to"
          label={label('to')}
          hint={text('form.time.hint', { example: '10:00' })}
          error={error('to')}
          value={draft.to}
          onInput={(to) => put({ to })}
        />
      </div>
      <TextField
        id="opens"
        label={label('opens')}
        hint={text('form.opens.hint')}
        error={error('opens')}
        keyboard="numeric"
        narrow
        most={4}
        value={draft.opens}
        onInput={(opens) => put({ opens })}
      />
    </>
  );
}

function Entries({ draft, put, error }: PartProps) {
  const choices = (['once', 'several', 'unbound'] as const).map((name) => ({ name, label: text(`entries.${name}`) }));
  return (
    <>
      <OneOf
        id="sort"
        label={label('sort')}
        hint={text('form.sort.hint')}
        choices={choices}
        value={draft.sort}
        onChoose={(name) => put({ sort: name === 'several' || name === 'unbound' ? name : 'once' })}
      />
      {draft.sort === 'several' && (
        <TextField
          id="most"
          label={label('most')}
          error={error('most')}
          keyboard="numeric"
          narrow
          most={3}
          value={draft.most}
          onInput={(most) => put({ most })}
        />
      )}
    </>
  );
}

function label(field: DraftField): string {
  return text(`form.${field}`);
}

/** Where there is one place only, nobody has to choose it. */
function startingDraft(): Draft {
  const places = ownPlaces();
  const [only] = places;
  if (only === undefined || places.length > 1) return emptyDraft();
  return { ...emptyDraft(), place: String(only.number), gates: only.gates.map(({ bit }) => String(bit)) };
}
