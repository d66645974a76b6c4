/** A form that was changed after a draft of it was begun. */
import { text } from '../../../text/index.ts';
import { Link } from '../../../ui/router.tsx';
import { maySign } from '../share/who.tsx';
import type { Filling } from './filling.ts';

/** Says that there is a newer version, and leads to what moving to it would change. */
export function OtherVersion({ given: { view, newer } }: { given: Filling }) {
  // Only the owner moves a draft.
  if (newer === null || !maySign(view)) return null;
  return (
    <div class="notice wait">
      <h2>{text('version.title')}</h2>
      <p>{text('version.body')}</p>
      <p>
        <Link href={`/drafts/${view.id}/new-version`}>{text('version.open')}</Link>
      </p>
    </div>
  );
}
