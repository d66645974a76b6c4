/** One question on the screen: label, hint, error, and a place to answer. */
import type { ComponentChildren } from 'preact';

import { text } from '../text/index.ts';

export interface Asking {
  /** Of the input that the error summary links to. */
  id: string;
  label: string;
  hint?: string | undefined;
  error?: string | undefined;
  /** The person may leave it empty; the label says so. */
  optional?: boolean;
  /** What stands below the hint: where an answer came from, or answers to settle. */
  note?: ComponentChildren;
}

interface TextFieldProps extends Asking {
  value: string;
  onInput: (value: string) => void;
  onBlur?: () => void;
  /** The keyboard that fits. */
  keyboard?: 'text' | 'numeric' | 'decimal' | 'tel' | 'email';
  multiline?: boolean;
  autocomplete?: string;
  narrow?: boolean;
  /** The most characters that it takes. */
  most?: number;
}

/** A line or, when `multiline`, a box of text. */
export function TextField(props: TextFieldProps) {
  const { value, onInput, onBlur, keyboard = 'text', multiline, autocomplete, narrow, most, ...asking } = props;
  const shared = {
    id: asking.id,
    value,
    autocomplete: autocomplete ?? 'off',
    'aria-describedby': describedBy(asking),
    'aria-invalid': asking.error !== undefined,
    onBlur: () => onBlur?.(),
    maxLength: most,
  };
  return (
    <div class={fieldClass(asking)}>
      <label for={asking.id} class="label">
        <Label {...asking} />
      </label>
      <Explained {...asking} />
      {multiline === true ? (
        <textarea {...shared} rows={5} onInput={(event) => onInput(event.currentTarget.value)} />
      ) : (
        <input
          {...shared}
          type="text"
          inputMode={keyboard}
          class={narrow === true ? 'narrow' : undefined}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
      )}
    </div>
  );
}

/** A field that has several inputs: `legend` names the group. */
export function FieldGroup({ children, ...asking }: Asking & { children: ComponentChildren }) {
  return (
    <fieldset class={fieldClass(asking)} aria-describedby={describedBy(asking)}>
      <legend class="label">
        <Label {...asking} />
      </legend>
      <Explained {...asking} />
      {children}
    </fieldset>
  );
}

export function fieldClass(asking: Asking): string {
  return asking.error === undefined ? 'field' : 'field wrong';
}

export function describedBy({ id, hint, error }: Asking): string | undefined {
  const ids = [hint === undefined ? '' : `${id}-hint`, error === undefined ? '' : `${id}-error`].join(' ').trim();
  return ids === '' ? undefined : ids;
}

export function Label({ label, optional = false }: Asking) {
  return (
    <>
      {label}
      {optional && <span class="optional"> {text('field.optional')}</span>}
    </>
  );
}

export function Explained({ id, hint, error, note }: Asking) {
  return (
    <>
      {hint !== undefined && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {note}
      {error !== undefined && (
        <p class="error" id={`${id}-error`}>
          <span class="visually-hidden">{text('page.wrong')}: </span>
          {error}
        </p>
      )}
    </>
  );
}
