import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';

import { me } from '../../../data/account.ts';
import { keepWholeApp } from '../../../data/offline.ts';
import { text } from '../../../text/index.ts';
import { Page } from '../../../ui/page.tsx';

/** Shows a screen to an officer of a unit; whoever comes by a link of somebody else's learns why not. */
export function OfficersOnly({ children }: { children: (unit: string) => ComponentChildren }) {
  const officer = me.value;
  const unit = officer?.role === 'officer' ? officer.unit : null;
  useEffect(() => {
    if (unit !== null) void keepWholeApp();
  }, [unit]);
  if (unit !== null) return <>{children(unit)}</>;
  return (
    <Page title={text('publish.only')} back={{ href: '/', label: text('page.home') }}>
      <p>{text('publish.only.body')}</p>
    </Page>
  );
}
