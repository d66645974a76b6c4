/** When the camera can't help: a code is typed or pasted, or the guest has none to show. */
import { useSignal } from '@preact/signals';

import { text } from '../../text/index.ts';
import { TextField } from '../../ui/field.tsx';
import { Button } from '../../ui/task.tsx';
import { MeetingRows } from './meetings-today.tsx';
import { Sheet } from './sheets.tsx';
import { typedCode } from './typed.ts';

interface ManualProps {
  onText: (text: string) => void;
  onClose: () => void;
}

export function Manual({ onText, onClose }: ManualProps) {
  const typed = useSignal('');
  const missing = useSignal(false);
  function check(): void {
    missing.value = typed.value.trim() === '';
    if (missing.value) document.getElementById('typed-code')?.focus();
    else onText(typedCode(typed.value));
  }
  return (
    <Sheet title={text('manual.title')} onClose={onClose}>
      <p>{text('manual.lead')}</p>
      <TextField
        id="typed-code"
        label={text('manual.code')}
        hint={text('manual.code.hint')}
        error={missing.value ? text('manual.code.missing') : undefined}
        value={typed.value}
        multiline
        onInput={(value) => (typed.value = value)}
      />
      <div class="actions">
        <Button onPress={check}>{text('manual.check')}</Button>
        <Button look="second" onPress={onClose}>
          {text('manual.close')}
        </Button>
      </div>
      <h3>{text('manual.dead')}</h3>
      <p>{text('manual.dead.body')}</p>
      <MeetingRows empty={<p>{text('manual.dead.none')}</p>} />
    </Sheet>
  );
}
