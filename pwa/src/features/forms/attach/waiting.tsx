/** The files for which something can't be sent yet: which, and how much of each is there. */
import type { RecordView } from '../../../data/records.ts';
import { count } from '../../../text/index.ts';
import { neededFiles } from './named.ts';
import { PauseUploads, Sending } from './sending.tsx';
import './attach.css';

export function FilesNeeded({ view }: { view: RecordView | undefined }) {
  const files = view === undefined ? [] : neededFiles(view);
  if (files.length === 0) return null;
  return (
    <div class="files-needed" data-testid="files-needed">
      <p>{count('attach.needed', files.length)}</p>
      <ul>
        {files.map(({ sha256, name }) => (
          <li key={sha256}>
            <span class="file-name">{name}</span>
            <Sending sha256={sha256} />
          </li>
        ))}
      </ul>
      <PauseUploads />
    </div>
  );
}
