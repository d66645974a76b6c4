/** Puts the app together: opens the data, follows the address, shows the screen. */
import { effect } from '@preact/signals';
import { render } from 'preact';

import { me, signedOut } from './data/account.ts';
import { keep, kept } from './data/preferences.ts';
import { records } from './data/records.ts';
import { start } from './data/start.ts';
import { status } from './data/status.ts';
import { applyUpdate, updateReady } from './data/update.ts';
import { locked } from './data/vault.ts';
import { waitingRecords } from './features/forms/fill/waiting.ts';
import { screenAt } from './routes.tsx';
import { firstLanguage, speak, text } from './text/index.ts';
import type { Language } from './text/index.ts';
import { Boundary } from './ui/boundary.tsx';
import { keepInstallOffer } from './ui/install.tsx';
import { followHistory, navigate, place } from './ui/router.tsx';
import { Banner, Shell } from './ui/shell.tsx';
import type { Way } from './ui/shell.tsx';
import { networkLine } from './ui/status.ts';
import { Button, codeOf, ProblemBox } from './ui/task.tsx';
import './ui/style/index.css';

const LANGUAGE = 'language';

function ways(): Way[] {
  const home = { href: '/', label: text('way.home') };
  const procedures = { href: '/procedures', label: text('way.procedures') };
  switch (me.value?.role) {
    case undefined:
      return [home, procedures];
    case 'resident':
      return [
        home,
        procedures,
        { href: '/dossiers', label: text('way.dossiers') },
        { href: '/wallet', label: text('way.wallet') },
      ];
    case 'officer':
      return [
        home,
        { href: '/inbox', label: text('way.inbox') },
        { href: '/meetings', label: text('way.meetings') },
        { href: '/desk', label: text('way.desk') },
        procedures,
        { href: '/forms', label: text('way.forms') },
      ];
    case 'guard':
      return [
        { href: '/gate', label: text('way.gate') },
        { href: '/gate/today', label: text('way.today') },
        { href: '/gate/log', label: text('way.log') },
      ];
    case 'operator':
      return [home];
  }
}

function chooseLanguage(language: Language): void {
  keep(LANGUAGE, language);
  void speak(language);
}

function Banners() {
  const { path } = place.value;
  const again = () => navigate(`/start?next=${path}`);
  const asks = path !== '/start' && path !== '/enrol';
  return (
    <>
      {updateReady.value && (
        <Banner message={text('update.ready')} action={text('update.apply')} onAction={() => void applyUpdate()} />
      )}
      {locked.value && asks && path !== '/unlock' && (
        <Banner message={text('locked.banner')} action={text('locked.action')} onAction={() => navigate('/unlock')} />
      )}
      {signedOut.value && me.value !== null && asks && (
        <Banner message={text('again.banner')} action={text('start.signin')} onAction={again} />
      )}
      {!signedOut.value && me.value?.device === null && asks && (
        <Banner message={text('bind.banner')} action={text('bind.action')} onAction={again} />
      )}
    </>
  );
}

function App() {
  const { path } = place.value;
  const { attention, unsent, ...facts } = status.value;
  // A person counts forms and dossiers; the outbox counts each answer.
  const waiting = unsent === 0 ? 0 : Math.max(1, waitingRecords().length);
  const account: Way =
    me.value === null
      ? { href: '/start', label: text('way.start') }
      : { href: '/account', label: text('way.account') };
  return (
    <Shell
      ways={ways()}
      account={account}
      network={networkLine({ ...facts, unsent: waiting, attention: attention.length })}
      onLanguage={chooseLanguage}
      banners={<Banners />}
    >
      <Boundary key={path}>{screenAt(path, { onLanguage: chooseLanguage })}</Boundary>
    </Shell>
  );
}

/** Without its storage the app can keep nothing; it says so, and offers to try again. */
function NoStorage({ code }: { code: string }) {
  return (
    <main class="page">
      <h1>{text('app.name')}</h1>
      <ProblemBox code={code} />
      <Button onPress={() => window.location.reload()}>{text('boundary.reload')}</Button>
    </main>
  );
}

/** Identity codes are renewed without being asked for, by code that only those who have an identity load. */
function keepIdentity(): void {
  effect(() => {
    if (me.value?.device == null || records('identity').value.length + records('credential').value.length === 0) return;
    void import('./features/wallet/renew.ts').then(({ renew }) => renew());
  });
}

async function main(root: Element): Promise<void> {
  followHistory();
  keepInstallOffer();
  await speak(firstLanguage(kept(LANGUAGE), navigator.languages)).catch(() => speak('vi'));
  try {
    await start();
    render(<App />, root);
    keepIdentity();
  } catch (error) {
    render(<NoStorage code={codeOf(error)} />, root);
  }
}

const root = document.getElementById('app');
if (root === null) throw new Error('expected an element with the id app');
void main(root);
