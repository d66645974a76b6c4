/** /gate/today: who comes, how many are here, and how fresh what this phone knows is. */
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';

import { isSure, trusted } from '../../data/clock.ts';
import { packState, packTrouble, paired, refreshPack } from '../../data/pack.ts';
import { count, local, text } from '../../text/index.ts';
import { moment } from '../../text/time.ts';
import { Empty, Tag } from '../../ui/list.tsx';
import { Page } from '../../ui/page.tsx';
import { Button, ProblemBox, useTask } from '../../ui/task.tsx';
import { Conflicts } from './conflicts.tsx';
import { freshness } from './fresh.ts';
import { useNow } from './freshness.tsx';
import { meetingsAt, placeName, unitName } from './guard-known.ts';
import { MeetingRows } from './meetings-today.tsx';
import type { StatusList } from './packs.ts';
import { Notice } from './scan.tsx';
import { dayStart, tally } from './tally.ts';
import { checkIns, heldPack, settled, watch } from './watch.ts';

export function Today() {
  useEffect(() => void watch(), []);
  const now = useNow();
  const gate = paired.value;
  if (gate === null) {
    return <Notice title="gate.unpaired" body="gate.unpaired.body" href="/gate/pair" action="gate.unpaired.action" />;
  }
  const { set, guests } = checkIns.value;
  const kicker = text('gate.at', { gate: local(gate.name), place: placeName(gate.place) ?? '' });
  const { all, meetings } = tally({ set, guests, place: gate.place, from: dayStart(now) });
  return (
    <Page title={text('today.title')} kicker={kicker}>
      <Conflicts />
      <h2 class="visually-hidden">{text('today.people')}</h2>
      <dl class="tally">
        <div>
          <dt>{text('today.entered')}</dt>
          <dd data-testid="entered">{all.entered}</dd>
        </div>
        <div>
          <dt>{text('today.inside')}</dt>
          <dd data-testid="inside">{all.inside}</dd>
        </div>
      </dl>
      <h2>{text('today.meetings')}</h2>
      <MeetingRows
        counts={meetings}
        empty={
          <Empty title={text('today.none')}>
            <p>{text('today.none.body')}</p>
          </Empty>
        }
      />
      <PackParts />
    </Page>
  );
}

/** Each part of what verdicts rest on, and how fresh it is. */
function PackParts() {
  const now = useNow();
  const task = useTask();
  const done = useSignal(false);
  const gate = paired.value;
  const pack = heldPack.value;
  const time = trusted();
  const own = `invitation_${gate?.unit ?? ''}`;
  const lists = [...(pack?.lists ?? [])].sort(([a], [b]) => (a === own || (b !== own && a < b) ? -1 : 1));
  const lacks = !lists.some(([id]) => id === own);
  return (
    <>
      <h2>{text('today.pack')}</h2>
      <ul class="rows">
        <Part title={text('today.pack.trust')} detail={count('today.pack.trust.of', pack?.keys.length ?? 0)}>
          {pack === null ? <Missing /> : <Good />}
        </Part>
        {lacks && (
          <Part title={text('today.pack.list.invitation')}>
            <Missing />
          </Part>
        )}
        {lists
          .filter(([id]) => id === own || id.startsWith('identity_'))
          .map(([id, list]) => (
            <ListPart key={id} id={id} list={list} now={now} />
          ))}
        <Part
          title={text('today.pack.checkins')}
          detail={count('today.pack.checkins.of', checkIns.value.set.checkIns().length)}
        />
        <Part
          title={text('today.pack.meetings')}
          detail={count('today.pack.meetings.of', gate === null ? 0 : meetingsAt(gate.place).length)}
        />
        <Part
          title={text('today.pack.time')}
          detail={
            time === null
              ? text('today.pack.time.none')
              : isSure(time)
                ? text('today.pack.time.sure')
                : text('today.pack.time.within', { range: duration(time.high - time.low) })
          }
        >
          {time !== null && isSure(time) ? <Good /> : <Old />}
        </Part>
      </ul>
      {packState.value !== null && (
        <p class="soft small">{text('today.pack.whole', { time: moment(packState.value.fetchedAt, now) })}</p>
      )}
      <ProblemBox code={task.problem ?? packTrouble.value} />
      <p role="status">{done.value && !task.busy && task.problem === null ? text('today.renewed') : ''}</p>
      <Button
        look="second"
        busy={task.busy}
        onPress={() =>
          task.run(async () => {
            await refreshPack();
            await settled();
            done.value = true;
          })
        }
      >
        {text('today.renew')}
      </Button>
    </>
  );
}

function ListPart({ id, list, now }: { id: string; list: StatusList; now: number }) {
  const { look } = freshness(list, trusted());
  const title = id.startsWith('identity_')
    ? text('today.pack.list.identity', { unit: unitName(id.slice('identity_'.length)) })
    : text('today.pack.list.invitation');
  const detail = text('today.pack.from', { time: moment(list.iat * 1000, now), until: moment(list.exp * 1000, now) });
  return (
    <Part title={title} detail={detail}>
      {look === 'fresh' ? <Good /> : <Old />}
    </Part>
  );
}

interface PartProps {
  title: string;
  detail?: string;
  children?: ComponentChildren;
}

function Part({ title, detail, children }: PartProps) {
  return (
    <li class="row">
      <span class="row-text">
        <strong>{title}</strong>
        {detail !== undefined && <span class="row-detail">{detail}</span>}
      </span>
      {children}
    </li>
  );
}

const Good = () => <Tag tone="good">{text('today.pack.good')}</Tag>;
const Old = () => <Tag tone="wait">{text('today.pack.old')}</Tag>;
const Missing = () => <Tag tone="bad">{text('today.pack.missing')}</Tag>;

/** "40 giây", "3 phút", "5 giờ" */
function duration(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 120) return count('today.seconds', seconds);
  const minutes = Math.ceil(seconds / 60);
  return minutes < 120 ? count('today.minutes', minutes) : count('today.hours', Math.ceil(minutes / 60));
}
