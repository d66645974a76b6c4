/** A statement that a person confirms with one tick. */
import { describedBy, FieldGroup } from './field.tsx';
import type { Asking } from './field.tsx';

interface ConfirmFieldProps extends Asking {
  /** What stands beside the box. */
  says: string;
  value: boolean;
  onChoose: (on: boolean) => void;
}

export function ConfirmField({ says, value, onChoose, ...asking }: ConfirmFieldProps) {
  return (
    <FieldGroup {...asking}>
      <label class="choice">
        <input
          type="checkbox"
          id={asking.id}
          checked={value}
          aria-describedby={describedBy(asking)}
          onChange={(event) => onChoose(event.currentTarget.checked)}
        />
        <span>{says}</span>
      </label>
    </FieldGroup>
  );
}
