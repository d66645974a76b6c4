import { text } from '../../../text/index.ts';
import { fieldClass } from '../../../ui/field.tsx';
import type { Asking } from '../../../ui/field.tsx';
import { Explained } from '../../../ui/field.tsx';

interface GivenProps extends Asking {
  /** The answer as people read it; "" when there is none yet. */
  shown: string;
  /** It follows from other answers. */
  computed: boolean;
}

/** An answer that stands already: computed from others, or given by the office. */
export function Given({ shown, computed, ...asking }: GivenProps) {
  const { id, label } = asking;
  return (
    <div class={fieldClass(asking)} id={id} tabIndex={-1}>
      <p class="label" id={`${id}-label`}>
        {label}
      </p>
      <Explained {...asking} />
      <output class="given" aria-labelledby={`${id}-label`}>
        {shown === '' ? '–' : shown}
      </output>
      <p class="hint">{text(computed ? 'questions.computed' : 'questions.readonly')}</p>
    </div>
  );
}
