/** A time of day as text: it takes what people type and turns it into `08:30` when they leave it. */
import { describedBy, Explained, fieldClass, Label } from '../../ui/field.tsx';
import type { Asking } from '../../ui/field.tsx';
import { readTime } from './when.ts';

interface TimeFieldProps extends Asking {
  value: string;
  onInput: (value: string) => void;
}

export function TimeField({ value, onInput, ...asking }: TimeFieldProps) {
  return (
    <div class={fieldClass(asking)}>
      <label for={asking.id} class="label">
        <Label {...asking} />
      </label>
      <Explained {...asking} />
      <input
        id={asking.id}
        class="time"
        type="text"
        inputMode="text"
        autocomplete="off"
        maxLength={12}
        value={value}
        aria-describedby={describedBy(asking)}
        aria-invalid={asking.error !== undefined}
        onInput={(event) => onInput(event.currentTarget.value)}
        onBlur={() => {
          const time = readTime(value);
          if (time !== null && time !== value) onInput(time);
        }}
      />
    </div>
  );
}
