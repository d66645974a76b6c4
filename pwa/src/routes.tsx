/** Which screen stands at which address. Screens that not everyone needs are loaded when they are opened. */
import type { ComponentChildren } from 'preact';

import { locked } from './data/vault.ts';
import { Home } from './home.tsx';
import { Procedure } from './features/forms/catalogue/procedure.tsx';
import { Procedures } from './features/forms/catalogue/procedures.tsx';
import { Dossiers } from './features/dossiers/list.tsx';
import { openTexts, text } from './text/index.ts';
import type { Language } from './text/index.ts';
import { lazy } from './ui/lazy.tsx';
import { match } from './ui/match.ts';
import { Page } from './ui/page.tsx';
import { Link } from './ui/router.tsx';

const account = () => import('./features/account/screens.ts');
/** The screens of filling, with their words. */
const forms = async () => {
  const words = [openTexts('filling'), openTexts('sharing')];
  const [screens] = await Promise.all([import('./features/forms/screens.ts'), ...words]);
  return screens;
};
/** Those of sharing a form use its words too. */
const sharing = async () => {
  const words = [openTexts('filling'), openTexts('sharing')];
  const [screens] = await Promise.all([import('./features/forms/share/screens.ts'), ...words]);
  return screens;
};

const Start = lazy(async () => (await account()).Start);
const Enrol = lazy(async () => (await account()).Enrol);
const Account = lazy(async () => {
  const [{ Account: Screen }, { OfAll }] = await Promise.all([account(), forms()]);
  return (props: App) => <Screen {...props} Known={OfAll} />;
});
const Unlock = lazy(async () => (await Promise.all([account(), openTexts('filling')]))[0].Unlock);
const Draft = lazy(async () => (await forms()).Draft);
const Questions = lazy(async () => (await forms()).Questions);
const Review = lazy(async () => (await forms()).Review);
const NewVersion = lazy(async () => (await forms()).NewVersion);
const Import = lazy(async () => (await forms()).Import);
const Outbox = lazy(async () => (await forms()).Outbox);

const Share = lazy(async () => (await sharing()).Share);
const Join = lazy(async () => (await sharing()).Join);
const PickForDesk = lazy(async () => (await sharing()).PickForDesk);
const SharedDrafts = lazy(async () => (await sharing()).SharedDrafts);

const Poster = lazy(async () => {
  const [{ Poster: Screen }] = await Promise.all([
    import('./features/forms/catalogue/poster.tsx'),
    openTexts('catalogue'),
  ]);
  return Screen;
});

const Dossier = lazy(async () => {
  const [{ Dossier: Screen }, tools] = await Promise.all([import('./features/dossiers/dossier.tsx'), forms()]);
  const { Answers, FilesNeeded, OfDossier } = tools;
  const Signed: typeof Answers = (signed) => (
    <>
      <OfDossier {...signed} />
      <Answers {...signed} />
    </>
  );
  return ({ id }: { id: string }) => <Screen id={id} Answers={Signed} Files={FilesNeeded} />;
});

const Inbox = lazy(async () => {
  const [{ Inbox: Screen }, { applicant }] = await Promise.all([import('./features/dossiers/officer.ts'), forms()]);
  return () => <Screen applicant={applicant} />;
});

const Desk = lazy(async () => {
  const [{ Desk: Screen }, tools] = await Promise.all([import('./features/dossiers/officer.ts'), forms()]);
  const { Answers, applicant, summaryFits } = tools;
  return ({ id }: { id: string }) => (
    <Screen id={id} Answers={Answers} applicant={applicant} summaryFits={summaryFits} />
  );
});

/** The wallet's screens, and those about who one is, which share their words. */
const wallet = async () => (await Promise.all([import('./features/wallet/screens.ts'), openTexts('wallet')]))[0];
const identity = async () => (await Promise.all([import('./features/identity/resident.ts'), openTexts('wallet')]))[0];
const Wallet = lazy(async () => (await wallet()).Wallet);
const Present = lazy(async () => (await wallet()).Present);
const Claim = lazy(async () => (await wallet()).Claim);
const CardPage = lazy(async () => (await identity()).CardPage);
const DeskCode = lazy(async () => (await identity()).DeskCode);

/** The officer's meetings, and the desk where identities are checked. */
const meetings = async () => (await Promise.all([import('./features/gate/officer.ts'), openTexts('meetings')]))[0];
const Meetings = lazy(async () => (await meetings()).Meetings);
const NewMeeting = lazy(async () => (await meetings()).NewMeeting);
const Meeting = lazy(async () => (await meetings()).Meeting);
const EditMeeting = lazy(async () => (await meetings()).EditMeeting);
const Invite = lazy(async () => (await meetings()).Invite);
const InvitationSheet = lazy(async () => (await meetings()).Sheet);
const Guest = lazy(async () => (await meetings()).Guest);
const IdentityDesk = lazy(async () => {
  const [screens] = await Promise.all([import('./features/identity/officer.ts'), openTexts('meetings')]);
  return screens.Desk;
});

/** The officer's forms. Trying one out uses the words of filling. */
const publishing = async () => {
  const words = [openTexts('filling'), openTexts('publish')];
  const [screens] = await Promise.all([import('./features/forms/publish/screens.ts'), ...words]);
  return screens;
};
const Forms = lazy(async () => (await publishing()).Forms);
const NewForm = lazy(async () => (await publishing()).NewForm);

/** The guard's screens. */
const guard = async () => (await Promise.all([import('./features/gate/guard.ts'), openTexts('gate')]))[0];
const GateScan = lazy(async () => (await guard()).Scan);
const GatePair = lazy(async () => (await guard()).Pair);
const GateToday = lazy(async () => (await guard()).Today);
const GateLog = lazy(async () => (await guard()).Log);
const GateExchange = lazy(async () => (await guard()).Exchange);

interface App {
  onLanguage: (language: Language) => void;
}

type Route = readonly [pattern: string, show: (parts: Record<string, string>, app: App) => ComponentChildren];

const ROUTES: readonly Route[] = [
  ['/', () => <Home />],
  ['/start', () => <Start />],
  ['/enrol', () => <Enrol />],
  ['/account', (_, { onLanguage }) => <Account onLanguage={onLanguage} />],
  ['/settings', (_, { onLanguage }) => <Account onLanguage={onLanguage} />],
  ['/procedures', () => <Procedures />],
  ['/procedures/:code', ({ code = '' }) => <Procedure code={code} />],
  ['/procedures/:code/poster', ({ code = '' }) => <Poster code={code} />],
  ['/share', () => <PickForDesk />],
  ['/share/:id', ({ id = '' }) => <Share id={id} />],
  ['/shared', () => <Join />],
  ['/shared-drafts', () => <SharedDrafts />],
  ['/unlock', () => <Unlock />],
  ['/drafts/import', () => <Import />],
  ['/drafts/:id', ({ id = '' }) => <Draft id={id} />],
  ['/drafts/:id/review', ({ id = '' }) => <Review id={id} />],
  ['/drafts/:id/new-version', ({ id = '' }) => <NewVersion id={id} />],
  ['/drafts/:id/:page', ({ id = '', page = '' }) => <Questions id={id} page={page} />],
  // The rows of repeats, which stand in each other to a depth of three.
  ...['/:r1/:i1', '/:r1/:i1/:r2/:i2', '/:r1/:i1/:r2/:i2/:r3/:i3'].map(
    (steps): Route => [
      `/drafts/:id/:page${steps}`,
      ({ id = '', page = '', ...named }) => <Questions id={id} page={page} steps={Object.values(named)} />,
    ],
  ),
  ['/dossiers', () => <Dossiers />],
  ['/dossiers/:id', ({ id = '' }) => <Dossier id={id} />],
  ['/outbox', () => <Outbox />],
  ['/wallet', () => <Wallet />],
  ['/wallet/:id', ({ id = '' }) => <Present id={id} />],
  ['/claim', () => <Claim />],
  ['/card', () => <CardPage />],
  ['/desk-code', () => <DeskCode />],
  ['/gate', () => <GateScan />],
  ['/gate/pair', () => <GatePair />],
  ['/gate/today', () => <GateToday />],
  ['/gate/log', () => <GateLog />],
  ['/gate/exchange', () => <GateExchange />],
  ['/inbox', () => <Inbox />],
  ['/inbox/:id', ({ id = '' }) => <Desk id={id} />],
  ['/desk', () => <IdentityDesk />],
  ['/forms', () => <Forms />],
  ['/forms/new', () => <NewForm />],
  ['/meetings', () => <Meetings />],
  ['/meetings/new', () => <NewMeeting />],
  ['/meetings/:id', ({ id = '' }) => <Meeting id={id} />],
  ['/meetings/:id/edit', ({ id = '' }) => <EditMeeting id={id} />],
  ['/meetings/:id/invite', ({ id = '' }) => <Invite id={id} />],
  ['/meetings/:id/sheet', ({ id = '' }) => <InvitationSheet id={id} />],
  ['/meetings/:id/guests/:guest', ({ id = '', guest = '' }) => <Guest id={id} guest={guest} />],
];

/** What shows nothing but what is personal: while that is locked, it asks to unlock. */
const PERSONAL = /^\/(drafts|dossiers|outbox|wallet|card|desk-code|shared|share|inbox)(\/|$)/;

/** Return the screen of an address; one that has none says so. */
export function screenAt(path: string, app: App): ComponentChildren {
  if (locked.value && PERSONAL.test(path)) return <Unlock />;
  for (const [pattern, show] of ROUTES) {
    const parts = match(pattern, path);
    if (parts !== null) return show(parts, app);
  }
  return (
    <Page title={text('missing.title')}>
      <p>{text('missing.body')}</p>
      <p>
        <Link href="/">{text('page.home')}</Link>
      </p>
    </Page>
  );
}
