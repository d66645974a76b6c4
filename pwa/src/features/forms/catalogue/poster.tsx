/** /procedures/:code/poster: a sheet with the procedure's code, to print for a counter, or its link to share. */
import { useSignal } from '@preact/signals';

import { records } from '../../../data/records.ts';
import { local, text } from '../../../text/index.ts';
import { Page } from '../../../ui/page.tsx';
import { Qr } from '../../../ui/qr.tsx';
import { Button } from '../../../ui/task.tsx';
import { catalogue } from '../fill/model.ts';
import type { Form } from '../rules/form.ts';
import { ProcedureFacts, ToBring } from './facts.tsx';
import { UnknownProcedure } from './unknown.tsx';
import './poster.css';

/** On paper in both languages, whatever the language of the screen: who reads it is not known. */
const SCAN = {
  vi: 'Quét mã bằng máy ảnh điện thoại để xem thủ tục và điền tờ khai.',
  en: 'Scan it with your phone’s camera to read about it and fill in the form.',
};

export function Poster({ code }: { code: string }) {
  const published = catalogue(records('form').value).find(({ form }) => form.code === code);
  if (published === undefined) return <UnknownProcedure />;
  const { form } = published;
  const link = `${window.location.origin}/procedures/${form.code}`;
  return (
    <Page title={text('poster.title')} back={{ href: `/procedures/${form.code}`, label: local(form.title) }} wide>
      <div class="screen-only">
        <p>{text('poster.lead')}</p>
        <div class="actions">
          <Button onPress={() => window.print()}>{text('poster.print')}</Button>
          <Share link={link} title={local(form.title)} />
        </div>
      </div>
      <Paper form={form} link={link} />
    </Page>
  );
}

function Paper({ form, link }: { form: Form; link: string }) {
  return (
    <article class="poster">
      <header>
        <p class="poster-office">{local(form.authority)}</p>
        <p class="poster-title" lang="vi">
          {form.title.vi}
        </p>
        <p class="poster-second" lang="en">
          {form.title.en}
        </p>
      </header>
      <figure>
        <Qr text={link} label={text('poster.qr', { title: local(form.title) })} />
        <figcaption>
          <span lang="vi">{SCAN.vi}</span>
          <span lang="en">{SCAN.en}</span>
          <span class="poster-link">{link}</span>
        </figcaption>
      </figure>
      <div class="poster-facts">
        <ProcedureFacts form={form} />
        <ToBring form={form} />
      </div>
    </article>
  );
}

/** By whatever the phone shares with; where it has nothing of the sort, the link is copied. */
function Share({ link, title }: { link: string; title: string }) {
  const copied = useSignal(false);
  const shares = 'share' in navigator;
  const copy = () => navigator.clipboard.writeText(link).then(() => (copied.value = true));
  // To close the phone's own sheet again is no error; without a choice the link is still on the page.
  const share = () => navigator.share({ title, url: link }).catch(() => undefined);
  return (
    <>
      <Button look="second" onPress={() => void (shares ? share() : copy())}>
        {text(shares ? 'poster.share' : 'poster.copy')}
      </Button>
      <span role="status">{copied.value ? text('poster.copied') : ''}</span>
    </>
  );
}
