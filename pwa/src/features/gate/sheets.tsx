/** Forms that ask a guard for a reason: to take back what was recorded, or to let pass against the verdict. */
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

import { text } from '../../text/index.ts';
import type { Key } from '../../text/index.ts';
import { clockTime } from '../../text/time.ts';
import { OneOf } from '../../ui/choice.tsx';
import { TextField } from '../../ui/field.tsx';
import { Button, ProblemBox, useTask } from '../../ui/task.tsx';

interface SheetProps {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
}

/** A dialog that comes up from below, in reach of a thumb. */
export function Sheet({ title, onClose, children }: SheetProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      class="sheet"
      aria-labelledby="sheet-title"
      onCancel={(event) => {
        event.preventDefault();
        event.stopPropagation(); // the verdict below stays
        onClose();
      }}
    >
      <h2 id="sheet-title">{title}</h2>
      {children}
    </dialog>
  );
}

/** As many characters as the server takes. */
const WHY_LENGTH = 200;

interface WhySheetProps {
  title: string;
  body: string;
  /** What the button that goes ahead says. */
  action: string;
  danger?: boolean;
  /** Keys of the reasons to choose from; the last one is another, which must be stated. */
  reasons: readonly Key[];
  legend: string;
  /** A choice must be made. */
  required: boolean;
  /** What is chosen to begin with. */
  likely?: Key | null;
  onDone: (why: string | null) => Promise<void>;
  onClose: () => void;
}

/** Asks why, from a few choices or in words; what was said is recorded as it stood on the screen. */
function WhySheet({ title, body, action, reasons, legend, required, onDone, onClose, ...rest }: WhySheetProps) {
  const { danger = false, likely = null } = rest;
  const chosen = useSignal<string | null>(likely);
  const words = useSignal('');
  const wrong = useSignal<'choice' | 'words' | null>(null);
  const task = useTask();
  const other = reasons.at(-1);
  const isOther = chosen.value === other;
  function go(): void {
    const said = words.value.normalize('NFC').replace(/\s+/g, ' ').trim();
    if (required && chosen.value === null) wrong.value = 'choice';
    else if (isOther && said === '') wrong.value = 'words';
    else {
      wrong.value = null;
      const why = chosen.value === null ? null : isOther ? said : text(chosen.value as Key);
      task.run(() => onDone(why));
      return;
    }
    document.getElementById(wrong.value === 'choice' ? 'why' : 'why-words')?.focus();
  }
  return (
    <Sheet title={title} onClose={onClose}>
      <p>{body}</p>
      <OneOf
        id="why"
        label={legend}
        optional={!required}
        error={wrong.value === 'choice' ? text('override.missing') : undefined}
        choices={reasons.map((key) => ({ name: key, label: text(key) }))}
        value={chosen.value}
        onChoose={(name) => {
          chosen.value = name;
          wrong.value = null;
        }}
      />
      {isOther && (
        <TextField
          id="why-words"
          label={text('override.other')}
          error={wrong.value === 'words' ? text('override.other.missing') : undefined}
          value={words.value}
          most={WHY_LENGTH}
          onInput={(value) => (words.value = value)}
        />
      )}
      <ProblemBox code={task.problem} />
      <div class="actions">
        <Button look={danger ? 'danger' : 'main'} busy={task.busy} onPress={go}>
          {action}
        </Button>
        <Button look="second" onPress={onClose}>
          {text('action.cancel')}
        </Button>
      </div>
    </Sheet>
  );
}

const UNDO_REASONS = ['undo.why.wrong_person', 'undo.why.not_entered', 'undo.why.mistake', 'undo.why.other'] as const;

interface UndoSheetProps {
  name: string;
  at: number;
  /** The face was not that of the photo. */
  wrongPerson?: boolean;
  onDone: (why: string | null) => Promise<void>;
  onClose: () => void;
}

export function UndoSheet({ name, at, wrongPerson = false, onDone, onClose }: UndoSheetProps) {
  return (
    <WhySheet
      title={text('undo.title')}
      body={text('undo.body', { name, time: clockTime(at) })}
      action={text('undo.action')}
      danger
      reasons={UNDO_REASONS}
      likely={wrongPerson ? 'undo.why.wrong_person' : null}
      legend={text('undo.why')}
      required={false}
      onDone={onDone}
      onClose={onClose}
    />
  );
}

const OVERRIDE_REASONS = [
  'override.why.host',
  'override.why.officer',
  'override.why.known',
  'override.why.emergency',
  'override.why.other',
] as const;

interface OverrideSheetProps {
  /** What the verdict said. */
  reason: string;
  way: 'in' | 'out';
  onDone: (why: string) => Promise<void>;
  onClose: () => void;
}

export function OverrideSheet({ reason, way, onDone, onClose }: OverrideSheetProps) {
  return (
    <WhySheet
      title={text(way === 'in' ? 'override.title' : 'override.title.out')}
      body={text('override.body', { reason })}
      action={text(way === 'in' ? 'override.action' : 'override.action.out')}
      reasons={OVERRIDE_REASONS}
      legend={text('override.why')}
      required
      onDone={(why) => onDone(why ?? '')}
      onClose={onClose}
    />
  );
}
