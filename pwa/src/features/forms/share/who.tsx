/** What the screens of filling say of others: who is in the draft, who wrote what, and who signs. */
import { me } from '../../../data/account.ts';
import { now } from '../../../data/clock.ts';
import type { RecordView } from '../../../data/records.ts';
import { text } from '../../../text/index.ts';
import { moment } from '../../../text/time.ts';
import { Link } from '../../../ui/router.tsx';
import { isOwn } from '../fill/model.ts';
import { authorName, unitName } from './author.ts';
import { handOf, members, ownerName } from './model.ts';
import './share.css';

/** On the draft's page: whose it is, who else is in it, and the way to share it. */
export function Together({ view }: { view: RecordView }) {
  const mine = me.value;
  if (mine === null) return null;
  const own = isOwn(view, mine.id);
  const owner = ownerName(view) ?? text('share.owner');
  const desk = mine.role === 'officer' ? mine.unit : null;
  const others = members(view).filter(({ id }) => id !== mine.id && id !== desk);
  const names = others.map(({ sort, id, name }) => (sort === 'unit' ? unitName(id) : name));
  const action = names.length === 0 ? 'share.action' : 'share.manage';
  return (
    <div class={own ? 'together' : 'notice'} data-testid="together">
      {!own && (
        <>
          <h2>{text('share.helping', { name: owner })}</h2>
          <p>{text('share.helping.body', { name: owner })}</p>
        </>
      )}
      {names.length > 0 && <p>{text('share.with', { names: names.join(', ') })}</p>}
      <p>
        <Link href={`/share/${view.id}`}>{text(own ? action : 'share.who')}</Link>
      </p>
    </div>
  );
}

/** Whether the person who looks may sign: only the owner does. */
export function maySign(view: RecordView): boolean {
  return isOwn(view, me.value?.id);
}

/** Takes the place of the signature on a co-editor's screen. */
export function SignerNote({ view }: { view: RecordView }) {
  const name = ownerName(view) ?? text('share.owner');
  return (
    <div class="notice">
      <h2>{text('share.signer')}</h2>
      <p>{text('share.signer.body', { name })}</p>
    </div>
  );
}

interface WroteProps {
  view: RecordView;
  /** The key of the answer. */
  of: string;
  /** What the draft holds now, as people read it, while something else is being typed in its place. */
  other?: string | undefined;
}

/** Who wrote the answer that stands here, when it was somebody else. */
export function Wrote({ view, of, other }: WroteProps) {
  const head = view.state.get(of)?.heads.at(-1);
  const hand = head === undefined ? undefined : handOf(view, head.replica);
  const mine = me.value;
  const theirs = head !== undefined && (hand === undefined ? !isOwn(view, mine?.id) : hand.person !== mine?.id);
  if (!theirs || head.replica === mine?.device || head.value === null) return null;
  const said = { name: authorName(view, head.replica), time: moment(head.at, now()) };
  const words = other === undefined ? text('share.wrote', said) : text('share.wrote.other', { ...said, answer: other });
  return <p class="wrote">{words}</p>;
}
