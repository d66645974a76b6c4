/** What is wrong with a spreadsheet, as a table that is worked off beside it. */
import { useSignal } from '@preact/signals';

import { count, local, text } from '../../../text/index.ts';
import { Tag } from '../../../ui/list.tsx';
import { Button } from '../../../ui/task.tsx';
import { cellOf } from './model.ts';
import type { Checked, Problem } from './model.ts';

const PAGE = 50;

export function Problems({ checked: { errors, warnings } }: { checked: Checked }) {
  const limit = useSignal(PAGE);
  const bad = errors.map((problem) => [problem, true] as const);
  const rows = [...bad, ...warnings.map((problem) => [problem, false] as const)];
  if (rows.length === 0) return null;
  return (
    <section>
      <h2 id="problems">{text('publish.problems')}</h2>
      <p class="tallies">
        {errors.length > 0 && <Tag tone="bad">{count('publish.errors', errors.length)}</Tag>}
        {warnings.length > 0 && <Tag tone="wait">{count('publish.warnings', warnings.length)}</Tag>}
      </p>
      <div class="scrolls" role="region" aria-labelledby="problems" tabIndex={0}>
        <table class="problems">
          <thead>
            <tr>
              <th scope="col">{text('publish.where')}</th>
              <th scope="col">{text('publish.what')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, limit.value).map(([problem, bad], index) => (
              <OneProblem key={index} problem={problem} bad={bad} />
            ))}
          </tbody>
        </table>
      </div>
      {rows.length > limit.value && (
        <Button look="quiet" onPress={() => (limit.value += PAGE)}>
          {text('publish.more', { n: rows.length - limit.value })}
        </Button>
      )}
    </section>
  );
}

function OneProblem({ problem, bad }: { problem: Problem; bad: boolean }) {
  const cell = cellOf(problem);
  return (
    <tr data-code={problem.code}>
      <th scope="row">
        {problem.sheet === '' ? text('publish.file') : problem.sheet}
        {cell !== '' && <span class="cell"> {cell}</span>}
        {problem.header !== '' && <span class="line soft small">{problem.header}</span>}
      </th>
      <td>
        <Tag tone={bad ? 'bad' : 'wait'}>{text(bad ? 'publish.error' : 'publish.warning')}</Tag> {local(problem)}
      </td>
    </tr>
  );
}
