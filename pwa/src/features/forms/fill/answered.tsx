/** Answers as they are signed, laid out: on the review page, where each can be changed, and on a dossier's. */
import { text } from '../../../text/index.ts';
import { Link } from '../../../ui/router.tsx';
import type { Answers, Form, Language } from '../rules/form.ts';
import { answerAt, isFile } from '../rules/answers.ts';
import { sections } from '../rules/sections.ts';
import { FileShown } from './fileshown.tsx';
import { laidOut } from './laidout.ts';
import type { Part } from './laidout.ts';

interface AnsweredProps {
  form: Form;
  /** What is signed: `cleaned` ones. */
  answers: Answers;
  language: Language;
  /** Return where the answer at a path is changed; null for one that a person doesn't give. */
  change?: (path: string) => string | null;
  /** The level of the pages' headings. */
  level: 2 | 3;
}

export function Answered({ form, answers, language, change = () => null, level }: AnsweredProps) {
  const Title = level === 2 ? 'h2' : 'h3';
  return (
    <>
      {laidOut(form, sections(form, answers, language).pages, language).map(({ page, title, parts }) => (
        <section key={page} aria-labelledby={`page-${page}`} data-section={page}>
          <Title id={`page-${page}`}>{title}</Title>
          {parts.map((part) => (
            <PartOfPage key={part.name} part={part} answers={answers} change={change} level={level} />
          ))}
        </section>
      ))}
    </>
  );
}

interface PartProps extends Required<Pick<AnsweredProps, 'answers' | 'change' | 'level'>> {
  part: Part;
}

function PartOfPage({ part, answers, change, level }: PartProps) {
  const Title = level === 2 ? 'h3' : 'h4';
  return (
    <div class={part.row === '' ? undefined : 'again'} data-row={part.row === '' ? undefined : part.row}>
      {part.title !== null && <Title>{part.title}</Title>}
      {part.answers.length === 0 && <p class="soft">{text('rows.empty')}</p>}
      {part.answers.length > 0 && (
        <dl class="facts">
          {part.answers.map(({ name: path, label, value }) => {
            const href = change(path);
            const answer = answerAt(answers, path);
            return (
              <div key={path} data-answer={path}>
                <dt>{label}</dt>
                <dd>
                  {href !== null && (
                    <Link class="change" href={href}>
                      {text('review.change')}
                      <span class="visually-hidden"> {label}</span>
                    </Link>
                  )}
                  {isFile(answer) ? <FileShown file={answer} says={value} /> : value}
                </dd>
              </div>
            );
          })}
        </dl>
      )}
    </div>
  );
}
