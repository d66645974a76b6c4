/** / : the first page, by role. It is put together here because features never look at each other. */
import { me } from './data/account.ts';
import { PhoneNeeded, StaffHome, Welcome } from './features/account/home.tsx';
import { LatestDossiers } from './features/dossiers/list.tsx';
import { FindProcedure, OpenDrafts } from './features/forms/fill/home.tsx';
import { text } from './text/index.ts';
import { InstallHint } from './ui/install.tsx';
import { Page } from './ui/page.tsx';
import { GoTo } from './ui/router.tsx';

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
  if (mine.role !== 'resident') return <StaffHome me={mine} />;
  return (
    <Page title={text('home.greeting', { name: mine.name })}>
      <PhoneNeeded me={mine} />
      <OpenDrafts />
      <LatestDossiers />
      <FindProcedure />
      <InstallHint />
    </Page>
  );
}
