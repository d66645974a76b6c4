/** / : the first page, by role. It is put together here because features never look at each other. */
import { me } from './data/account.ts';
import { records } from './data/records.ts';
import { PhoneNeeded, StaffHome, Welcome } from './features/account/home.tsx';
import { LatestDossiers } from './features/dossiers/list.tsx';
import { FindProcedure, OpenDrafts } from './features/forms/fill/home.tsx';
import { isOwn } from './features/forms/fill/model.ts';
import { openTexts, text } from './text/index.ts';
import { InstallHint } from './ui/install.tsx';
import { lazy } from './ui/lazy.tsx';
import { Page } from './ui/page.tsx';
import { GoTo, Link } from './ui/router.tsx';

/** What others share is loaded where there is any. */
const SharedWithMe = lazy(async () => {
  const [screens] = await Promise.all([import('./features/forms/share/screens.ts'), openTexts('sharing')]);
  return screens.SharedWithMe;
}, null);

function Shared() {
  const person = me.value?.id;
  return records('draft').value.some((view) => !isOwn(view, person)) ? <SharedWithMe /> : null;
}

export function Home() {
  const mine = me.value;
  if (mine === null) {
    return (
      <Welcome>
        <FindProcedure />
      </Welcome>
    );
  }
  // A guard's day begins at the camera.
  if (mine.role === 'guard' && mine.device !== null) return <GoTo href="/gate" />;
  if (mine.role !== 'resident') {
    return (
      <StaffHome me={mine}>
        <Shared />
      </StaffHome>
    );
  }
  return (
    <Page title={text('home.greeting', { name: mine.name })}>
      <PhoneNeeded me={mine} />
      <OpenDrafts />
      <Shared />
      <p>
        <Link href="/shared">{text('home.join')}</Link>
      </p>
      <LatestDossiers />
      <FindProcedure />
      <InstallHint />
    </Page>
  );
}
