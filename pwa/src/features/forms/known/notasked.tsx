/** "Answers not asked", where a person sees it: before a form, on its review, on its dossier, and in all. */
import { me } from '../../../data/account.ts';
import { now } from '../../../data/clock.ts';
import { record, records } from '../../../data/records.ts';
import { isObject } from '../../../sync/canonical.ts';
import type { Value } from '../../../sync/canonical.ts';
import { count, text } from '../../../text/index.ts';
import { Facts } from '../../../ui/list.tsx';
import { Link } from '../../../ui/router.tsx';
import { procedureTitle } from '../fill/title.ts';
import { publishedOf } from '../fill/model.ts';
import type { Answers, Form } from '../rules/form.ts';
import { cityMoment, evaluate } from '../rules/rules.ts';
import { cardUnknown, knowledge, signedBy } from './knowledge.ts';
import { byCard, knownAnswers, valuesOf } from './known.ts';
import { ofAnswers, ofQuestions, total } from './measure.ts';
import type { Measure } from './measure.ts';
import { sourceText } from './source.ts';

/** On a procedure's page: what a new draft comes with; and when no card is known, what a scan of it would fill. */
export function Beforehand({ form }: { form: Form }) {
  const mine = knowledge();
  const at = cityMoment(now());
  const known = knownAnswers(form, mine, at);
  const { relevant } = evaluate(form, valuesOf(known), at);
  const measure = ofQuestions(form, relevant, new Set(known.keys()));
  const origins = [...new Set([...known.values()].map(({ source }) => sourceText(source)))];
  const scan = cardUnknown(mine) ? byCard(form).filter((name) => relevant.has(name) && !known.has(name)).length : 0;
  return (
    <>
      {measure.filled > 0 && (
        <div class="notice" data-testid="not-asked" data-filled={measure.filled} data-all={measure.all}>
          <p>{text('known.before', { filled: measure.filled, all: measure.all })}</p>
          <ul class="soft small">
            {origins.map((origin) => (
              <li key={origin}>{origin}</li>
            ))}
          </ul>
        </div>
      )}
      {scan > 0 && (
        <div class="actions">
          <Link class="button second" href={`/card?next=/procedures/${form.code}`}>
            {count('known.scan', scan)}
          </Link>
        </div>
      )}
    </>
  );
}

/** On the review page: of the answers that are about to be signed. `filled` has the paths that came filled. */
export function OfReview({ form, answers, filled }: { form: Form; answers: Answers; filled: ReadonlySet<string> }) {
  return <Line measure={ofAnswers(form, answers, filled)} />;
}

/** On a dossier's page: of what was signed. */
export function OfDossier({ document }: { document: Value }) {
  const measure = measureOf(document);
  return measure === null ? null : <Line measure={measure} />;
}

/** On the account's page: of everything that the person of this phone signed, and of each procedure. */
export function OfAll() {
  const signed = signedBy(me.value?.id ?? '', records('submission').value);
  const measures = new Map<string, Measure>();
  for (const { procedure, document } of signed) {
    const measure = measureOf(document);
    if (measure !== null) measures.set(procedure, total([measures.get(procedure) ?? { all: 0, filled: 0 }, measure]));
  }
  const all = total([...measures.values()]);
  if (all.filled === 0) return null;
  return (
    <>
      <h2>{text('known.all.title')}</h2>
      <p data-testid="not-asked-in-all" data-filled={all.filled} data-all={all.all}>
        {text('known.all', { ...all, percent: percent(all) })}
      </p>
      <Facts
        facts={[...measures]
          .filter(([, { filled }]) => filled > 0)
          .map(([procedure, each]) => [procedureTitle(procedure), text('known.part', { ...each })] as const)}
      />
    </>
  );
}

function Line({ measure }: { measure: Measure }) {
  if (measure.filled === 0) return null;
  return (
    <p class="soft screen-only" data-testid="not-asked" data-filled={measure.filled} data-all={measure.all}>
      {text('known.given', { ...measure })}
    </p>
  );
}

function percent({ all, filled }: Measure): number {
  return Math.floor((100 * filled) / all);
}

/** Measure a signed document; null when it is none, or its form is not on this phone. */
function measureOf(document: Value): Measure | null {
  if (!isObject(document) || typeof document.form_sha256 !== 'string' || !isObject(document.answers)) return null;
  const published = publishedOf(record('form', document.form_sha256).value);
  if (published === null) return null;
  const filled = isObject(document.filled) ? Object.keys(document.filled) : [];
  return ofAnswers(published.form, document.answers, new Set(filled));
}
