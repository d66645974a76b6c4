/** Drafts that others shared: on the home page, and on a page of their own with the desk's code for officers. */
import { me } from '../../../data/account.ts';
import { now } from '../../../data/clock.ts';
import { records } from '../../../data/records.ts';
import type { RecordView } from '../../../data/records.ts';
import { text } from '../../../text/index.ts';
import { moment } from '../../../text/time.ts';
import { Empty, Row } from '../../../ui/list.tsx';
import { Page } from '../../../ui/page.tsx';
import { Link } from '../../../ui/router.tsx';
import { Qr } from '../../../ui/qr.tsx';
import { procedureTitle } from '../fill/title.ts';
import { unitName } from './author.ts';
import { deskLink } from './link.ts';
import { members, ownerName, sharedDrafts } from './model.ts';
import '../../../ui/style/code.css';
import './share.css';

/** For the home page: nothing when nothing is shared. */
export function SharedWithMe() {
  const mine = me.value;
  const drafts = mine === null ? [] : sharedDrafts(records('draft').value, mine.id);
  if (drafts.length === 0) return null;
  return (
    <>
      <h2>{text(mine?.role === 'officer' ? 'share.list.desk' : 'share.list')}</h2>
      <SharedRows drafts={drafts} />
    </>
  );
}

/** /shared-drafts */
export function SharedDrafts() {
  const mine = me.value;
  const drafts = mine === null ? [] : sharedDrafts(records('draft').value, mine.id);
  const desk = mine?.role === 'officer' ? mine.unit : null;
  return (
    <Page
      title={text(desk === null ? 'share.list' : 'share.list.desk')}
      back={{ href: '/', label: text('page.home') }}
    >
      {drafts.length > 0 ? (
        <SharedRows drafts={drafts} />
      ) : (
        <Empty title={text('share.list.none')}>
          <p>{text(desk === null ? 'share.list.none.body' : 'share.list.none.desk')}</p>
        </Empty>
      )}
      <div class="actions">
        <Link class="button second" href="/shared">
          {text('share.list.scan')}
        </Link>
      </div>
      {desk !== null && <DeskCode unit={desk} />}
    </Page>
  );
}

function SharedRows({ drafts }: { drafts: readonly RecordView[] }) {
  return (
    <ul class="rows">
      {drafts.map((draft) => {
        const name = ownerName(draft);
        const time = moment(since(draft), now());
        return (
          <Row
            key={draft.id}
            href={`/drafts/${draft.id}`}
            title={procedureTitle(draft.values.procedure)}
            detail={
              name === undefined ? text('share.list.of.someone', { time }) : text('share.list.of', { name, time })
            }
          />
        );
      })}
    </ul>
  );
}

/** When a draft was shared with whoever looks: with the person or, for officers, with the desk. */
function since(draft: RecordView): number {
  const mine = me.value;
  return members(draft).find(({ id }) => id === mine?.id || id === mine?.unit)?.at ?? 0;
}

/** The code that stands on the desk; it can be printed, for it holds no secret. */
function DeskCode({ unit }: { unit: string }) {
  const name = unitName(unit);
  return (
    <section class="invitation">
      <h2>{text('share.desk.qr')}</h2>
      <p>{text('share.desk.qr.body', { name })}</p>
      <figure class="shown-code">
        <Qr text={deskLink(window.location.origin, unit)} label={text('share.desk.qr.label', { name })} />
      </figure>
    </section>
  );
}
