/** How many answers a person need not give: before a form is begun, and of what was answered. */
import { isObject } from '../../../sync/canonical.ts';
import type { Answers, Form } from '../rules/form.ts';
import { empty } from '../rules/rules.ts';
import { asking } from './questions.ts';

/** Of `all` answers, `filled` came from what was known. */
export interface Measure {
  readonly all: number;
  readonly filled: number;
}

/** Measure a form that is not answered yet: the questions that apply, and those of them that come filled. */
export function ofQuestions(form: Form, relevant: ReadonlySet<string>, filled: ReadonlySet<string>): Measure {
  const names = asking(form).flatMap(({ name }) => (relevant.has(name) ? [name] : []));
  return { all: names.length, filled: names.filter((name) => filled.has(name)).length };
}

/**
 * Measure answers as they are signed. `filled` has the paths of those that came filled and were left as they were; one
 * that names no answer does not count. What the form computes by itself is nobody's answer.
 */
export function ofAnswers(form: Form, answers: Answers, filled: ReadonlySet<string>): Measure {
  const asked = new Set(asking(form).map(({ name }) => name));
  const paths = [...leaves(answers, '', asked)];
  return { all: paths.length, filled: paths.filter((path) => filled.has(path)).length };
}

/** Add measures up. */
export function total(measures: readonly Measure[]): Measure {
  return measures.reduce((sum, each) => ({ all: sum.all + each.all, filled: sum.filled + each.filled }), {
    all: 0,
    filled: 0,
  });
}

/** Yield the path of each answer to one of the questions `asked`: `name`, and in repeats `children[2]/name`. */
function* leaves(answers: Answers, within: string, asked: ReadonlySet<string>): Generator<string> {
  for (const [name, answer] of Object.entries(answers)) {
    const path = within + name;
    if (asked.has(name)) {
      if (!empty(answer)) yield path;
    } else if (Array.isArray(answer)) {
      for (const [index, row] of answer.entries()) {
        if (isObject(row)) yield* leaves(row, `${path}[${index + 1}]/`, asked);
      }
    }
  }
}
