/** /drafts/:id/review: check the answers, declare, sign. What stands here is what is signed. */
import { local, text } from '../../../text/index.ts';
import { Facts } from '../../../ui/list.tsx';
import { Official } from '../../../ui/official.tsx';
import { Page } from '../../../ui/page.tsx';
import { Link } from '../../../ui/router.tsx';
import { filledIn } from '../known/filled.ts';
import { OfReview } from '../known/notasked.tsx';
import { check, cleanedOf, nameOf } from '../rules/rules.ts';
import { isComputed, structureOf } from '../rules/structure.ts';
import { factsOf } from '../rules/summary.ts';
import { maySign, SignerNote } from '../share/who.tsx';
import { Answered } from './answered.tsx';
import { NoDraft, Sent } from './draft.tsx';
import { filling } from './filling.ts';
import type { Filling } from './filling.ts';
import { says } from './judging.ts';
import { hrefOfPath, placeOfPath } from './place.ts';
import { Sign } from './sign.tsx';
import { OtherVersion } from './version.tsx';

export function Review({ id }: { id: string }) {
  const given = filling(id);
  if (given === null) return <NoDraft />;
  const sent = given.view.values.submission;
  if (typeof sent === 'string') return <Sent submission={sent} />;
  return <Check given={given} />;
}

function Check({ given }: { given: Filling }) {
  const { view, form, language } = given;
  const answers = cleanedOf(form, given.answers, given.evaluation);
  const facts = factsOf(form, language);
  const pages = missing(given);
  function change(path: string): string | null {
    const question = structureOf(form).questions.get(nameOf(path));
    if (question === undefined || isComputed(question) || question.read_only === true) return null;
    return hrefOfPath(view.id, form, given.rows, path);
  }
  return (
    <Page
      title={text('review.title')}
      kicker={local(form.title)}
      back={{ href: `/drafts/${view.id}`, label: text('questions.overview') }}
    >
      <Official office={local(form.authority)} title={local(form.title)} line={text('printed.unsigned')} />
      <OtherVersion given={given} />
      <Missing given={given} pages={pages} />
      <Facts facts={facts} />
      <OfReview form={form} answers={answers} filled={new Set(Object.keys(filledIn(view.values)))} />
      <Answered form={form} answers={answers} language={language} change={change} level={2} />
      {pages.length === 0 && (maySign(view) ? <Sign given={given} /> : <SignerNote view={view} />)}
    </Page>
  );
}

/** The names of the pages that keep this from being signed. */
function missing({ form, answers, at, evaluation, rows, unsettled, view }: Filling): string[] {
  const findings = check(form, cleanedOf(form, answers, evaluation), at, view.id);
  const paths = [...findings.map(({ name }) => name), ...unsettled];
  const names = new Set(paths.map((path) => placeOfPath(form, rows, path)?.page.name));
  return form.pages.map(({ name }) => name).filter((name) => names.has(name));
}

function Missing({ given, pages }: { given: Filling; pages: readonly string[] }) {
  const { form, rows, view, unsettled } = given;
  if (pages.length === 0) return null;
  const [first] = unsettled;
  const settling = first === undefined ? null : hrefOfPath(view.id, form, rows, first);
  return (
    <div class="notice wait screen-only">
      <h2>{text('review.missing')}</h2>
      {settling !== null && (
        <p>
          <Link href={settling}>{text('review.unsettled')}</Link>
        </p>
      )}
      <ul>
        {form.pages
          .filter(({ name }) => pages.includes(name))
          .map(({ name, label }) => (
            <li key={name}>
              <Link href={`/drafts/${view.id}/${name}`}>{says(given, label, '')}</Link>
            </li>
          ))}
      </ul>
    </div>
  );
}
