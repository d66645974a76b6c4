import { useSignal } from '@preact/signals';

import { text } from '../../../text/index.ts';
import { Button } from '../../../ui/task.tsx';
import { Preview } from '../attach/preview.tsx';
import { Sending } from '../attach/sending.tsx';
import type { FileAnswer } from '../rules/form.ts';
import '../attach/attach.css';

/** A file among answers: its name and size, as they are signed, and on request the file itself. */
export function FileShown({ file, says }: { file: FileAnswer; says: string }) {
  const open = useSignal(false);
  return (
    <>
      <span>{says}</span>
      <div class="screen-only">
        {open.value ? (
          <Preview file={file} />
        ) : (
          <Button look="quiet" onPress={() => (open.value = true)}>
            {text('attach.show')}
            <span class="visually-hidden"> {file.name}</span>
          </Button>
        )}
        <Sending sha256={file.sha256} />
      </div>
    </>
  );
}
