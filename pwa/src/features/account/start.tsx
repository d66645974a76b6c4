/** /start and /enrol#token: an account, then this phone bound to it. */
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';

import { createAccount, enrolDevice, linkInfo, me, signedOut, signIn } from '../../data/account.ts';
import { text } from '../../text/index.ts';
import { TextField } from '../../ui/field.tsx';
import { Facts } from '../../ui/list.tsx';
import { Page } from '../../ui/page.tsx';
import { phoneName } from '../../ui/phone.ts';
import { navigate, place } from '../../ui/router.tsx';
import { Button, codeOf, ProblemBox, useTask } from '../../ui/task.tsx';
import { roleKey, safeNext, stepOf } from './model.ts';
import { unitName } from './unit.ts';

/** What the server takes, in characters. */
const NAME_LENGTH = 100;

type Link = Awaited<ReturnType<typeof linkInfo>>;

/** Create an account or sign in. */
export function Start() {
  const step = stepOf(me.value);
  if (signedOut.value && me.value !== null) return <SignInAgain name={me.value.name} />;
  if (step === 'device') return <BindPhone />;
  if (step === 'done') return <Done />;
  return (
    <Page title={text('start.title')}>
      <p class="lead">{text('start.lead')}</p>
      <section class="card" aria-labelledby="new-account">
        <h2 id="new-account">{text('start.new')}</h2>
        <Steps />
        <NewAccount link={null} known="" />
      </section>
      <section class="card" aria-labelledby="have-account">
        <h2 id="have-account">{text('start.have')}</h2>
        <p>{text('start.have.body')}</p>
        <SignIn look="second" />
      </section>
    </Page>
  );
}

/** Use a one-time link: it says for whom it is before anything is made. */
export function Enrol() {
  const link = useSignal<Link | null>(null);
  const problem = useSignal<string | null>(null);
  const token = place.value.fragment;
  const binding = useRef(false);
  useEffect(() => {
    linkInfo(token).then(
      (info) => (link.value = info),
      (error: unknown) => (problem.value = codeOf(error)),
    );
  }, [token]);

  const step = stepOf(me.value);
  if (step === 'device') {
    binding.current = true;
    return <BindPhone />;
  }
  if (binding.current && step === 'done') return <Done />;
  const info = link.value;
  const known = info?.name ?? '';
  const unit = info?.unit ?? '';
  return (
    <Page title={text('enrol.title')}>
      <ProblemBox code={problem.value} />
      {problem.value === null && info === null && <p class="soft">{text('enrol.reading')}</p>}
      {info !== null && (
        <>
          <p class="lead">{text('enrol.for')}</p>
          <Facts
            facts={[
              known === '' ? null : [text('account.name'), known],
              [text('account.role'), text(roleKey(info.role))],
              unit === '' ? null : [text('account.unit'), unitName(unit)],
            ]}
          />
          {me.value !== null ? (
            <div class="notice wait">
              <p>{text('enrol.taken', { name: me.value.name })}</p>
            </div>
          ) : (
            <>
              <Steps />
              <NewAccount link={token} known={known} />
            </>
          )}
        </>
      )}
    </Page>
  );
}

function Steps({ at = 1 }: { at?: 1 | 2 }) {
  return (
    <ol class="steps">
      <li class={at > 1 ? 'done' : undefined}>
        <div>
          <strong>{text('start.step.passkey')}</strong>
          <p class="soft">{text('start.step.passkey.body')}</p>
        </div>
      </li>
      <li>
        <div>
          <strong>{text('start.step.phone')}</strong>
          <p class="soft">{text('start.step.phone.body')}</p>
        </div>
      </li>
    </ol>
  );
}

interface NewAccountProps {
  link: string | null;
  /** The name, when the link says it; else "". */
  known: string;
}

function NewAccount({ link, known }: NewAccountProps) {
  const name = useSignal(known);
  const missing = useSignal(false);
  const task = useTask();
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        missing.value = name.value.trim() === '';
        if (missing.value) {
          document.getElementById('name')?.focus();
          return;
        }
        task.run(() => createAccount(name.value.trim().normalize('NFC'), link, phoneName(navigator)));
      }}
    >
      {known === '' && (
        <TextField
          id="name"
          label={text('start.name')}
          hint={text('start.name.hint')}
          error={missing.value ? text('start.name.missing') : undefined}
          value={name.value}
          onInput={(value) => (name.value = value)}
          autocomplete="name"
          most={NAME_LENGTH}
        />
      )}
      <ProblemBox code={task.problem} />
      <button class="button main" aria-disabled={task.busy}>
        {text('start.create')}
      </button>
    </form>
  );
}

function SignIn({ look = 'main' }: { look?: 'main' | 'second' }) {
  const task = useTask();
  return (
    <>
      <ProblemBox code={task.problem} />
      <Button look={look} busy={task.busy} onPress={() => task.run(signIn)}>
        {text('start.signin')}
      </Button>
    </>
  );
}

function SignInAgain({ name }: { name: string }) {
  return (
    <Page title={text('again.title')}>
      <p class="lead">{text('again.body', { name })}</p>
      <SignIn />
    </Page>
  );
}

function BindPhone() {
  const label = useSignal(phoneName(navigator));
  const task = useTask();
  return (
    <Page title={text('bind.title')} kicker={text('bind.kicker')}>
      <p class="lead">{text('bind.body', { name: me.value?.name ?? '' })}</p>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          const typed = label.value.trim().normalize('NFC');
          task.run(() => enrolDevice(typed === '' ? phoneName(navigator) : typed));
        }}
      >
        <TextField
          id="label"
          label={text('bind.label')}
          hint={text('bind.label.hint')}
          value={label.value}
          onInput={(value) => (label.value = value)}
          most={NAME_LENGTH}
        />
        <ProblemBox code={task.problem} />
        <button class="button main" aria-disabled={task.busy}>
          {text('bind.action')}
        </button>
      </form>
    </Page>
  );
}

/** Nothing is left to do here: go where the person wanted to be. */
function Done() {
  useEffect(() => navigate(safeNext(place.peek().query.get('next')), { replace: true }), []);
  return null;
}
