/**
 * A date as three short texts, day first.
 *
 * A phone's own calendar makes people page through decades to reach a birth date, and cheap phones draw it badly.
 */
import { text } from '../text/index.ts';
import { readDate, writeDate } from './date.ts';
import type { DateParts } from './date.ts';
import { describedBy, FieldGroup } from './field.tsx';
import type { Asking } from './field.tsx';

interface DateFieldProps extends Asking {
  /** `YYYY-MM-DD`, or what was typed so far. */
  value: string;
  onInput: (value: string | null) => void;
  onBlur?: () => void;
}

const PARTS = [
  { name: 'day', size: 2, label: 'date.day' },
  { name: 'month', size: 2, label: 'date.month' },
  { name: 'year', size: 4, label: 'date.year' },
] as const;

export function DateField(props: DateFieldProps) {
  return (
    <FieldGroup {...props}>
      <DateInputs {...props} />
    </FieldGroup>
  );
}

/** The three inputs alone, for a group that has more of them; the first has the group's id. */
export function DateInputs({ value, onInput, onBlur, ...asking }: DateFieldProps) {
  const parts = readDate(value);
  function put(name: keyof DateParts, typed: string, size: number): void {
    onInput(writeDate({ ...parts, [name]: typed.replace(/\D/g, '').slice(0, size) }));
  }
  return (
    <div class="date">
      {PARTS.map(({ name, size, label }) => (
        <label key={name} class={`date-${name}`}>
          <span>{text(label)}</span>
          <input
            id={name === 'day' ? asking.id : undefined}
            inputMode="numeric"
            autocomplete="off"
            maxLength={size}
            value={parts[name]}
            aria-describedby={describedBy(asking)}
            aria-invalid={asking.error !== undefined}
            onInput={(event) => put(name, event.currentTarget.value, size)}
            onBlur={() => onBlur?.()}
          />
        </label>
      ))}
    </div>
  );
}
