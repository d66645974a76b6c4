import { text } from '../../../text/index.ts';
import type { Saving } from './autosave.ts';

/** Says whether what was typed is on this phone's disk, and never sooner than it is. */
export function SavedLine({ saving }: { saving: Saving }) {
  const said = { idle: '', saving: text('saved.saving'), saved: text('saved.saved'), failed: text('saved.failed') };
  return (
    <div role={saving === 'failed' ? 'alert' : undefined}>
      <p class={saving === 'failed' ? 'saved failed' : 'saved'} data-testid="saved">
        {said[saving]}
      </p>
    </div>
  );
}
