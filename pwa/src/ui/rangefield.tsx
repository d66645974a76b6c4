/** A number between two ends: a slider for a rough hand, and a field beside it for an exact one. */
import { text } from '../text/index.ts';
import { describedBy, FieldGroup } from './field.tsx';
import type { Asking } from './field.tsx';

interface RangeFieldProps extends Asking {
  start: number;
  end: number;
  step: number;
  /** As it stands in the field; "" while nothing was chosen. */
  typed: string;
  /** The number that `typed` means; null when it means none. */
  value: number | null;
  /** Writes a number as people here do. */
  write: (value: number) => string;
  onInput: (typed: string) => void;
  onBlur: () => void;
}

export function RangeField({ start, end, step, typed, value, write, onInput, onBlur, ...asking }: RangeFieldProps) {
  const slide = (event: { currentTarget: HTMLInputElement }) => onInput(write(Number(event.currentTarget.value)));
  return (
    <FieldGroup {...asking}>
      <div class="range">
        <input
          type="range"
          class={value === null ? 'open' : undefined}
          min={Math.min(start, end)}
          max={Math.max(start, end)}
          step={step}
          value={value ?? (start + end) / 2}
          aria-label={asking.label}
          aria-valuetext={value === null ? text('range.open') : write(value)}
          aria-describedby={describedBy(asking)}
          onInput={slide}
          // A tap on where the knob stands already changes nothing, and yet it is an answer.
          onClick={slide}
          onBlur={onBlur}
        />
        <input
          id={asking.id}
          class="range-number"
          type="text"
          inputMode={Number.isInteger(step) ? 'numeric' : 'decimal'}
          autocomplete="off"
          value={typed}
          placeholder="–"
          aria-label={text('range.number', { label: asking.label })}
          aria-describedby={describedBy(asking)}
          aria-invalid={asking.error !== undefined}
          onInput={(event) => onInput(event.currentTarget.value)}
          onBlur={onBlur}
        />
      </div>
      <p class="range-ends" aria-hidden="true">
        <span>{write(Math.min(start, end))}</span>
        <span>{write(Math.max(start, end))}</span>
      </p>
    </FieldGroup>
  );
}
