/** Choosing among given answers: one, or several. */
import { text } from '../text/index.ts';
import { describedBy, Explained, fieldClass, FieldGroup, Label } from './field.tsx';
import type { Asking } from './field.tsx';

export interface Choice {
  name: string;
  label: string;
}

interface OneOfProps extends Asking {
  choices: readonly Choice[];
  value: string | null;
  /** A scale: side by side where there is room. */
  across?: boolean;
  onChoose: (name: string | null) => void;
}

/** Radio buttons. */
export function OneOf({ choices, value, across = false, onChoose, ...asking }: OneOfProps) {
  return (
    <FieldGroup {...asking}>
      <div class={across ? 'across' : undefined} {...standIn(asking, choices)}>
        {choices.map((choice, index) => (
          <label key={choice.name} class="choice">
            <input
              type="radio"
              id={index === 0 ? asking.id : undefined}
              name={asking.id}
              checked={value === choice.name}
              onChange={() => onChoose(choice.name)}
            />
            <span>{choice.label}</span>
          </label>
        ))}
      </div>
    </FieldGroup>
  );
}

/** The phone's own list, for choices too many to stand on a page. */
export function OneOfMany({ choices, value, onChoose, ...asking }: OneOfProps) {
  return (
    <div class={fieldClass(asking)}>
      <label for={asking.id} class="label">
        <Label {...asking} />
      </label>
      <Explained {...asking} />
      <select
        id={asking.id}
        aria-describedby={describedBy(asking)}
        aria-invalid={asking.error !== undefined}
        value={value ?? ''}
        onChange={(event) => onChoose(event.currentTarget.value === '' ? null : event.currentTarget.value)}
      >
        <option value="">{text('field.choose')}</option>
        {choices.map((choice) => (
          <option key={choice.name} value={choice.name}>
            {choice.label}
          </option>
        ))}
      </select>
    </div>
  );
}

interface SeveralOfProps extends Asking {
  choices: readonly Choice[];
  value: readonly string[];
  onChoose: (names: string[]) => void;
}

/** Checkboxes; what is chosen keeps the order of the choices. */
export function SeveralOf({ choices, value, onChoose, ...asking }: SeveralOfProps) {
  function toggle(name: string, on: boolean): void {
    onChoose(choices.map((choice) => choice.name).filter((each) => (each === name ? on : value.includes(each))));
  }
  return (
    <FieldGroup {...asking}>
      <div {...standIn(asking, choices)}>
        {choices.map((choice, index) => (
          <label key={choice.name} class="choice">
            <input
              type="checkbox"
              id={index === 0 ? asking.id : undefined}
              name={asking.id}
              checked={value.includes(choice.name)}
              onChange={(event) => toggle(choice.name, event.currentTarget.checked)}
            />
            <span>{choice.label}</span>
          </label>
        ))}
      </div>
    </FieldGroup>
  );
}

/** What the error summary leads to while there is nothing to choose from. */
function standIn({ id }: Asking, choices: readonly Choice[]): { id?: string; tabIndex?: number } {
  return choices.length === 0 ? { id, tabIndex: -1 } : {};
}
