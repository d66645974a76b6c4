/** /drafts/:id/review: check the answers, declare, sign. What stands here is what is signed. */
import { me } from '../../../data/account.ts';
import { signAct } from '../../../data/acts.ts';
import { changeAll, newId } from '../../../data/records.ts';
import { base64url } from '../../../sync/batch.ts';
import { language, local, text } from '../../../text/index.ts';
import { Facts } from '../../../ui/list.tsx';
import { Page } from '../../../ui/page.tsx';
import { Link, navigate } from '../../../ui/router.tsx';
import { Button, ProblemBox, useTask } from '../../../ui/task.tsx';
import { filledIn } from '../known/filled.ts';
import { OfReview } from '../known/notasked.tsx';
import { submissionDocument } from '../rules/document.ts';
import { maySign, SignerNote } from '../share/who.tsx';
import { NoDraft, Sent } from './draft.tsx';
import { filling } from './filling.ts';
import type { Filling } from './filling.ts';
import { OtherVersion } from './version.tsx';
import { cleaned, check } from '../rules/rules.ts';
import { sections } from '../rules/sections.ts';

const NONCE_BYTES = 16;

export function Review({ id }: { id: string }) {
  const given = filling(id);
  if (given === null) return <NoDraft />;
  const sent = given.view.values.submission;
  if (typeof sent === 'string') return <Sent submission={sent} />;
  return <Check given={given} />;
}

function Check({ given }: { given: Filling }) {
  const { view, form, at } = given;
  const answers = cleaned(form, given.answers, at, view.id);
  const { facts, pages } = sections(form, answers, language.value);
  const ready = missing(given).length === 0;
  return (
    <Page
      title={text('review.title')}
      kicker={local(form.title)}
      back={{ href: `/drafts/${view.id}`, label: text('questions.overview') }}
    >
      <OtherVersion given={given} />
      <Missing given={given} />
      <Facts facts={facts} />
      <OfReview form={form} answers={answers} filled={new Set(Object.keys(filledIn(view.values)))} />
      {pages.map(({ name, label, answers: answered }) => (
        <section key={name} aria-labelledby={`page-${name}`}>
          <h2 id={`page-${name}`}>{label}</h2>
          <dl class="facts">
            {answered.map((answer) => (
              <div key={answer.name}>
                <dt>{answer.label}</dt>
                <dd>
                  <Link class="change" href={`/drafts/${view.id}/${name}`}>
                    {text('review.change')}
                    <span class="visually-hidden"> {answer.label}</span>
                  </Link>
                  {answer.value}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
      {ready && (maySign(view) ? <Sign given={given} /> : <SignerNote view={view} />)}
    </Page>
  );
}

/** The pages that keep this from being signed. */
function missing({ form, answers, at, unsettled, view }: Filling): { href: string; label: string }[] {
  const findings = check(form, cleaned(form, answers, at, view.id), at, view.id);
  const wrong = new Set([...findings.map(({ name }) => name), ...unsettled]);
  return form.pages
    .filter(({ questions }) => questions.some(({ name }) => wrong.has(name)))
    .map((page) => ({ href: `/drafts/${view.id}/${page.name}`, label: local(page.label) }));
}

function Missing({ given }: { given: Filling }) {
  const pages = missing(given);
  if (pages.length === 0) return null;
  return (
    <div class="notice wait">
      <h2>{text('review.missing')}</h2>
      {given.unsettled.length > 0 && <p>{text('review.unsettled')}</p>}
      <ul>
        {pages.map(({ href, label }) => (
          <li key={href}>
            <Link href={href}>{label}</Link>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Sign({ given }: { given: Filling }) {
  const { view, form, answers, sha256, at } = given;
  const task = useTask();
  const mine = me.value;
  if (mine === null) return null;
  const sign = () =>
    task.run(async () => {
      const id = newId();
      const document = await submissionDocument({
        form,
        formSha256: sha256,
        answers,
        language: language.value,
        id,
        person: mine.id,
        rp: window.location.hostname,
        nonce: base64url(crypto.getRandomValues(new Uint8Array(NONCE_BYTES))),
        at,
        seed: view.id,
      });
      const { document: signed, assertion } = await signAct(document);
      const act = { document: signed, assertion: { ...assertion }, draft: view.id };
      await changeAll([
        { kind: 'submission', id, values: { act } },
        { kind: 'draft', id: view.id, values: { submission: id } },
      ]);
      navigate(`/dossiers/${id}`, { replace: true });
    });
  return (
    <>
      <h2>{text('declare.title')}</h2>
      <p>{text('declare.body')}</p>
      <p class="soft">{text('declare.how')}</p>
      <ProblemBox code={task.problem} />
      <div class="actions">
        <Button busy={task.busy} onPress={sign}>
          {text('declare.sign')}
        </Button>
      </div>
      <p role="status" class="soft">
        {task.busy ? text('declare.busy') : ''}
      </p>
    </>
  );
}
