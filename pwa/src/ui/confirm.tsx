import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

import { text } from '../text/index.ts';
import { Button } from './task.tsx';

interface ConfirmProps {
  title: string;
  /** What the button that goes ahead says. */
  action: string;
  /** What the other one says, where "cancel" could be taken for the deed itself. */
  back?: string | undefined;
  /** For what is no harm, only not meant to happen by a slip of the finger. */
  look?: 'danger' | 'main';
  busy?: boolean;
  onConfirm: () => void;
  onCancel: () => void;
  children?: ComponentChildren;
}

/** Asks once more before something that can't be taken back. */
export function Confirm(props: ConfirmProps) {
  const { title, action, back, look = 'danger', busy = false, onConfirm, onCancel, children } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      aria-labelledby="confirm-title"
      onCancel={(event) => {
        event.preventDefault();
        onCancel();
      }}
    >
      <h2 id="confirm-title">{title}</h2>
      {children}
      <div class="actions">
        <Button look={look} busy={busy} onPress={onConfirm}>
          {action}
        </Button>
        <Button look="second" onPress={onCancel}>
          {back ?? text('action.cancel')}
        </Button>
      </div>
    </dialog>
  );
}
