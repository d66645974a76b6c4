import { useState } from 'preact/hooks';

import { text } from '../../text/index.ts';

interface FilePickProps {
  /** Null when the picture has no code; throws when it is no picture. */
  read: (file: Blob) => Promise<string | null>;
  onText: (text: string) => void;
}

type Outcome = 'none' | 'reading' | 'nothing' | 'unreadable';

/** A photo or screenshot from this phone; a phone's own chooser offers its camera as well. */
export function FilePick({ read, onText }: FilePickProps) {
  const [outcome, setOutcome] = useState<Outcome>('none');
  async function look(file: File): Promise<void> {
    setOutcome('reading');
    try {
      const found = await read(file);
      setOutcome(found === null ? 'nothing' : 'none');
      if (found !== null) onText(found);
    } catch {
      setOutcome('unreadable');
    }
  }
  return (
    <>
      <label class="button second scanner-file">
        {text(outcome === 'reading' ? 'scan.file.reading' : 'scan.file')}
        <input
          type="file"
          accept="image/*"
          onChange={({ currentTarget }) => {
            const [file] = currentTarget.files ?? [];
            if (file !== undefined) void look(file);
            currentTarget.value = ''; // the same file may be chosen again
          }}
        />
      </label>
      <p class="scanner-outcome" role="status">
        {outcome === 'nothing' && text('scan.file.nothing')}
        {outcome === 'unreadable' && text('scan.file.unreadable')}
      </p>
    </>
  );
}
