/** A list of guests: pasted or from a file, then looked through row by row before anything is sent. */
import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';

import { text } from '../../text/index.ts';
import { TextField } from '../../ui/field.tsx';
import { Button } from '../../ui/task.tsx';
import type { Judging, Send } from './inviting.ts';
import { textOfFile } from './list-file.ts';
import type { FileFault } from './list-file.ts';
import { judge } from './list-model.ts';
import { Preview } from './list-preview.tsx';
import { pastedOf, tableOf } from './list-rows.ts';
import type { Table } from './list-rows.ts';

interface InviteListProps {
  from: 'paste' | 'file';
  judging: Judging;
  send: Send;
}

interface Taken {
  /** Counts the lists, so that each has a preview of its own. */
  turn: number;
  table: Table;
  guessed: boolean;
}

export function InviteList({ from, judging, send }: InviteListProps) {
  const taken = useSignal<Taken | null>(null);
  const take = (table: Table, guessed: boolean) =>
    (taken.value = { turn: (taken.peek()?.turn ?? 0) + 1, table, guessed });
  const list = taken.value;
  return (
    <>
      {from === 'paste' ? (
        <Paste onText={(typed) => take(pastedOf(typed), false)} onEdit={() => (taken.value = null)} />
      ) : (
        <File onText={(read, guessed) => take(tableOf(read), guessed)} onOther={() => (taken.value = null)} />
      )}
      {list !== null && (
        <Preview
          key={list.turn}
          judged={judge(list.table, judging)}
          guessed={list.guessed}
          send={send}
          onSent={() => (taken.value = null)}
        />
      )}
    </>
  );
}

function Paste({ onText, onEdit }: { onText: (typed: string) => void; onEdit: () => void }) {
  const typed = useSignal('');
  return (
    <>
      <TextField
        id="list"
        label={text('list.paste')}
        hint={text('list.paste.hint')}
        multiline
        value={typed.value}
        onInput={(value) => {
          typed.value = value;
          onEdit();
        }}
      />
      <div class="actions">
        <Button look="second" onPress={() => onText(typed.value)}>
          {text('list.check')}
        </Button>
      </div>
    </>
  );
}

interface FileProps {
  onText: (read: string, guessed: boolean) => void;
  /** Another file was chosen: what is known of the one before does not hold. */
  onOther: () => void;
}

function File({ onText, onOther }: FileProps) {
  const fault = useSignal<FileFault | null>(null);
  const name = useSignal('');
  const input = useRef<HTMLInputElement>(null);
  async function read(file: Blob): Promise<void> {
    const found = textOfFile(new Uint8Array(await file.arrayBuffer()));
    fault.value = 'fault' in found ? found.fault : null;
    if ('text' in found) onText(found.text, found.guessed);
    if (input.current !== null) input.current.value = ''; // so that the same file, mended, can be chosen again
  }
  return (
    <div class={fault.value === null ? 'field' : 'field wrong'}>
      <p class="label" id="file-label">
        {text('list.file')}
      </p>
      <p class="hint" id="file-hint">
        {text('list.file.hint')}
      </p>
      {fault.value !== null && (
        <p class="error" id="file-error" role="alert">
          {text(`list.${fault.value}`)}
        </p>
      )}
      <label class="button second pick">
        {text(name.value === '' ? 'list.file.choose' : 'list.file.other')}
        <input
          ref={input}
          id="file"
          type="file"
          accept=".csv,.tsv,.txt,text/csv,text/plain,text/tab-separated-values"
          aria-describedby={`file-label file-hint${fault.value === null ? '' : ' file-error'}`}
          onChange={(event) => {
            const file = event.currentTarget.files?.[0];
            if (file === undefined) return;
            onOther();
            name.value = file.name;
            void read(file);
          }}
        />
      </label>
      {name.value !== '' && fault.value === null && (
        <p class="soft small">{text('list.file.name', { name: name.value })}</p>
      )}
    </div>
  );
}
