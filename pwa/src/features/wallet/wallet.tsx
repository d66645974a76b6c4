/** /wallet: what this person can show at an entrance. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

import { me } from '../../data/account.ts';
import { change, newId, records } from '../../data/records.ts';
import { problemText, text } from '../../text/index.ts';
import { calendarDay } from '../../text/time.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { Empty, Row, Tag } from '../../ui/list.tsx';
import { Page } from '../../ui/page.tsx';
import { Link } from '../../ui/router.tsx';
import { Button, ProblemBox, useTask } from '../../ui/task.tsx';
import { held, identity, placeName, waitingClaims } from './known.ts';
import { identityOf } from './model.ts';
import type { Claimed, Held } from './model.ts';
import { Photo } from './photo.tsx';
import { renew } from './renew.ts';
import { entryWindow } from './window.ts';
import './wallet.css';

export function Wallet() {
  // Whatever is issued while the page is open is asked for, or shown, at once.
  const issued = records('credential').value.length + records('identity').value.length;
  useEffect(() => void renew(), [issued]);
  const all = held();
  return (
    <Page title={text('wallet.title')}>
      <p class="lead">{text('wallet.lead')}</p>
      <h2>{text('wallet.invitations')}</h2>
      <Invitations held={all.filter(({ profile }) => profile === 'invitation')} waiting={waitingClaims()} />
      <h2>{text('wallet.identity')}</h2>
      <IdentityCards held={identityOf(all)} />
    </Page>
  );
}

function Invitations({ held: own, waiting }: { held: readonly Held[]; waiting: readonly Claimed[] }) {
  return (
    <>
      {own.length + waiting.length === 0 ? (
        <Empty title={text('wallet.invitations.none')}>
          <p>{text('wallet.invitations.none.body')}</p>
        </Empty>
      ) : (
        <ul class="rows">
          {waiting.map(({ id, said, problem }) => (
            <li key={id} class="row">
              <span class="row-text">
                <strong>{placeName(said.place)}</strong>
                <span class="row-detail">
                  {problem === null ? entryWindow(said.nbf * 1000, said.exp * 1000) : problemText(problem)}
                </span>
              </span>
              <Tag tone={problem === null ? 'wait' : 'bad'}>
                {text(problem === null ? 'wallet.state.waiting' : 'wallet.state.failed')}
              </Tag>
            </li>
          ))}
          {own.map((each) => (
            <InvitationRow key={each.id} held={each} />
          ))}
        </ul>
      )}
      <div class="actions">
        <Link class="button main" href="/claim">
          {text('wallet.claim.scan')}
        </Link>
      </div>
    </>
  );
}

function InvitationRow({ held: { id, about, from, expires, place, here } }: { held: Held }) {
  const title = about?.title ?? text('profile.invitation');
  const when = entryWindow(from ?? expires, expires);
  const detail = [when, place === null ? '' : placeName(place)].filter((each) => each !== '').join(' · ');
  const tag = here ? (
    <Tag tone="good">{text('wallet.state.ready')}</Tag>
  ) : (
    <Tag tone="wait">{text('wallet.state.elsewhere')}</Tag>
  );
  return <Row href={`/wallet/${id}`} title={title} detail={detail} tag={tag} />;
}

function IdentityCards({ held: own }: { held: readonly Held[] }) {
  const who = identity();
  if (who.level === 0) {
    return (
      <Empty title={text('wallet.identity.none')}>
        <p>{text('wallet.identity.none.body')}</p>
        <p>
          <Link class="button second" href="/card">
            {text('wallet.identity.card')}
          </Link>
        </p>
      </Empty>
    );
  }
  if (who.level === 1) return <Unproven name={who.name} />;
  return (
    <>
      <div class="identity">
        {who.photo !== null && <Photo photo={who.photo} day={calendarDay(who.verifiedAt)} />}
        <div>
          <p class="identity-name">{who.name}</p>
          <p class="soft small">
            {who.withdrawnAt === null
              ? text('wallet.identity.level2', { day: calendarDay(who.verifiedAt) })
              : text('wallet.identity.withdrawn', { day: calendarDay(who.withdrawnAt) })}
          </p>
        </div>
      </div>
      {who.withdrawnAt === null && (
        <>
          {own.length === 0 && <p class="notice wait">{text('wallet.identity.waiting')}</p>}
          <ul class="rows">
            {own.map(({ id, profile, expires }) => (
              <Row
                key={id}
                href={`/wallet/${id}`}
                title={text(`profile.${profile}`)}
                detail={
                  profile === 'invitation' ? undefined : (
                    <>
                      {text(`profile.${profile}.detail`)} <span class="together">{until(expires)}</span>
                    </>
                  )
                }
              />
            ))}
          </ul>
          <GiveUp />
        </>
      )}
      {who.withdrawnAt !== null && <DeskLink />}
    </>
  );
}

function Unproven({ name }: { name: string }) {
  return (
    <div class="notice">
      <h3>{name}</h3>
      <p>
        <strong>{text('wallet.identity.level1')}.</strong> {text('wallet.identity.level1.body')}
      </p>
      <DeskLink />
      <p>
        <Link href="/card">{text('wallet.identity.see')}</Link>
      </p>
    </div>
  );
}

function DeskLink() {
  return (
    <p>
      <Link class="button second" href="/desk-code">
        {text('wallet.identity.desk')}
      </Link>
    </p>
  );
}

function GiveUp() {
  const asking = useSignal(false);
  const done = useSignal(false);
  const task = useTask();
  const person = me.value?.id ?? '';
  return (
    <>
      <ProblemBox code={task.problem} />
      {done.value ? (
        <p role="status">{text('wallet.identity.given-up')}</p>
      ) : (
        <Button look="quiet" busy={task.busy} onPress={() => (asking.value = true)}>
          {text('wallet.identity.give-up')}
        </Button>
      )}
      {asking.value && (
        <Confirm
          title={text('wallet.identity.give-up.title')}
          action={text('wallet.identity.give-up')}
          busy={task.busy}
          onCancel={() => (asking.value = false)}
          onConfirm={() => {
            asking.value = false;
            task.run(async () => {
              await change('withdrawal', newId(), { withdrawal: { subject: person, reason: '' } });
              done.value = true;
            });
          }}
        >
          <p>{text('wallet.identity.give-up.body')}</p>
        </Confirm>
      )}
    </>
  );
}

function until(expires: number): string {
  return text('wallet.until', { time: calendarDay(expires) });
}
