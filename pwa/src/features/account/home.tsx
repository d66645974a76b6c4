/** What the home page says to someone new, and to staff. */
import type { ComponentChildren } from 'preact';

import type { Me } from '../../data/account.ts';
import { text } from '../../text/index.ts';
import { InstallHint } from '../../ui/install.tsx';
import { Facts } from '../../ui/list.tsx';
import { Page } from '../../ui/page.tsx';
import { Link } from '../../ui/router.tsx';
import { roleKey } from './model.ts';
import { unitName } from './unit.ts';

/** Three lines about what this is, and the two ways in. */
export function Welcome({ children }: { children: ComponentChildren }) {
  return (
    <Page title={text('welcome.title')}>
      <p class="lead">{text('welcome.lead')}</p>
      <ol class="steps">
        <li>
          <div>{text('welcome.fill')}</div>
        </li>
        <li>
          <div>{text('welcome.sign')}</div>
        </li>
        <li>
          <div>{text('welcome.follow')}</div>
        </li>
      </ol>
      <div class="actions">
        <Link class="button main" href="/start">
          {text('welcome.start')}
        </Link>
      </div>
      {children}
      <InstallHint />
    </Page>
  );
}

/** The step that is missing before anything can be written on this phone; nothing when none is. */
export function PhoneNeeded({ me }: { me: Me }) {
  if (me.device !== null) return null;
  return (
    <div class="notice wait">
      <h2>{text('bind.title')}</h2>
      <p>{text('bind.needed')}</p>
      <p>
        <Link class="button main" href="/start">
          {text('bind.action')}
        </Link>
      </p>
    </div>
  );
}

/** Who I am here. What a guard or an operator works with is not built yet, and the page says so. */
export function StaffHome({ me, children }: { me: Me; children?: ComponentChildren }) {
  return (
    <Page title={text('home.greeting', { name: me.name })}>
      <PhoneNeeded me={me} />
      <Facts
        facts={[
          [text('account.role'), text(roleKey(me.role))],
          me.unit === null ? null : [text('account.unit'), unitName(me.unit)],
        ]}
      />
      {me.role === 'officer' ? (
        <div class="actions">
          <Link class="button main" href="/inbox">
            {text('home.inbox')}
          </Link>
          <Link class="button second" href="/meetings">
            {text('home.meetings')}
          </Link>
          <Link class="button second" href="/forms">
            {text('home.forms')}
          </Link>
          <Link class="button second" href="/desk">
            {text('home.desk')}
          </Link>
          <Link class="button second" href="/shared-drafts">
            {text('home.shared')}
          </Link>
        </div>
      ) : (
        <p>{text('home.tools')}</p>
      )}
      {children}
      <p>
        <Link href="/account">{text('home.account')}</Link>
      </p>
      <InstallHint />
    </Page>
  );
}
