/** A code on a thing: read by the camera, or typed. */
import { useSignal } from '@preact/signals';

import { text } from '../text/index.ts';
import { TextField } from './field.tsx';
import type { Asking } from './field.tsx';
import { lazy } from './lazy.tsx';
import { Button } from './task.tsx';

const Scanner = lazy(async () => (await import('./scan/scanner.tsx')).Scanner);

interface CodeFieldProps extends Asking {
  value: string;
  onInput: (value: string) => void;
  onBlur: () => void;
}

export function CodeField({ value, onInput, onBlur, ...asking }: CodeFieldProps) {
  const scanning = useSignal(false);
  const got = useSignal(false);
  function read(found: string): void {
    scanning.value = false;
    got.value = true;
    onInput(found);
    onBlur();
  }
  return (
    <div class="code-field">
      <TextField
        {...asking}
        value={value}
        onInput={(next) => {
          got.value = false;
          onInput(next);
        }}
        onBlur={onBlur}
      />
      <Button look={scanning.value ? 'quiet' : 'second'} onPress={() => (scanning.value = !scanning.value)}>
        {text(scanning.value ? 'code.stop' : 'code.scan')}
        <span class="visually-hidden"> {asking.label}</span>
      </Button>
      {scanning.value && <Scanner codes="all" onText={read} />}
      <p class="visually-hidden" role="status">
        {got.value ? text('code.read', { code: value }) : ''}
      </p>
    </div>
  );
}
