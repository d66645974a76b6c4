/** A time of day as two short texts, by the 24-hour clock; and a date with such a time. */
import { text } from '../text/index.ts';
import { DateInputs } from './datefield.tsx';
import { describedBy, FieldGroup } from './field.tsx';
import type { Asking } from './field.tsx';
import { readClock, readMoment, writeClock, writeMoment } from './time.ts';
import type { TimeParts } from './time.ts';

interface ClockFieldProps extends Asking {
  /** `HH:MM`, with `YYYY-MM-DDT` before it when a date is asked too; or what was typed so far. */
  value: string;
  onInput: (value: string | null) => void;
  onBlur?: () => void;
}

const PARTS = [
  { name: 'hour', label: 'clock.hour' },
  { name: 'minute', label: 'clock.minute' },
] as const;

export function ClockField(props: ClockFieldProps) {
  return (
    <FieldGroup {...props}>
      <ClockInputs {...props} first={props.id} />
    </FieldGroup>
  );
}

export function MomentField(props: ClockFieldProps) {
  const { date, time } = readMoment(props.value);
  const filled = (part: string) => (part === '' ? null : part);
  return (
    <FieldGroup {...props}>
      <div class="moment">
        <DateInputs
          {...props}
          value={date}
          onInput={(next) => props.onInput(writeMoment({ date: next, time: filled(time) }))}
        />
        <ClockInputs
          {...props}
          value={time}
          onInput={(next) => props.onInput(writeMoment({ date: filled(date), time: next }))}
        />
      </div>
    </FieldGroup>
  );
}

/** `first` is the id of the first input, when nothing before it has the field's. */
function ClockInputs({ value, onInput, onBlur, first, ...asking }: ClockFieldProps & { first?: string }) {
  const parts = readClock(value);
  function put(name: keyof TimeParts, typed: string): void {
    onInput(writeClock({ ...parts, [name]: typed.replace(/\D/g, '').slice(0, 2) }));
  }
  return (
    <div class="date clock">
      {PARTS.map(({ name, label }) => (
        <label key={name} class="date-day">
          <span>{text(label)}</span>
          <input
            id={name === 'hour' ? first : undefined}
            inputMode="numeric"
            autocomplete="off"
            maxLength={2}
            value={parts[name]}
            aria-describedby={describedBy(asking)}
            aria-invalid={asking.error !== undefined}
            onInput={(event) => put(name, event.currentTarget.value)}
            onBlur={() => onBlur?.()}
          />
        </label>
      ))}
    </div>
  );
}
