/** What a list holds before it is sent: how many rows are good, and what is wrong with each of the others. */
import { useSignal } from '@preact/signals';
import Papa from 'papaparse';
import { useEffect, useRef } from 'preact/hooks';

import { count, text } from '../../text/index.ts';
import { Button, ProblemBox, useTask } from '../../ui/task.tsx';
import { badText } from './faults.ts';
import type { Send } from './inviting.ts';
import type { Bad, Good, Judged } from './list-model.ts';

const PAGE = 50;

interface PreviewProps {
  judged: Judged;
  /** The file did not say how its letters are written. */
  guessed: boolean;
  send: Send;
  onSent: () => void;
}

export function Preview({ judged: { good, bad }, guessed, send, onSent }: PreviewProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const written = useSignal(0);
  const task = useTask();
  useEffect(() => heading.current?.focus(), []);
  return (
    <section aria-labelledby="preview">
      <h2 id="preview" tabIndex={-1} ref={heading}>
        {text('list.preview')}
      </h2>
      <p class="tallies">
        <strong class="tag good">{count('list.good', good.length)}</strong>
        {bad.length > 0 && <strong class="tag bad">{count('list.bad', bad.length)}</strong>}
      </p>
      {good.length === 0 && bad.length === 0 && <p>{text('list.nothing')}</p>}
      {guessed && (
        <div class="notice wait">
          <p>{text('list.guessed')}</p>
        </div>
      )}
      {bad.length > 0 && <BadRows bad={bad} />}
      {good.length > 0 && (
        <>
          <GoodRows good={good} />
          <ProblemBox code={task.problem} />
          <div class="actions">
            <Button
              busy={task.busy}
              onPress={() =>
                task.run(async () => {
                  await send(good, (n) => (written.value = n));
                  onSent();
                })
              }
            >
              {task.busy
                ? text('list.sending', { done: written.value, all: good.length })
                : count('list.send', good.length)}
            </Button>
            {bad.length > 0 && <p class="soft small">{text('list.send.rest')}</p>}
          </div>
        </>
      )}
    </section>
  );
}

function BadRows({ bad }: { bad: readonly Bad[] }) {
  const limit = useSignal(PAGE);
  const copied = useSignal(false);
  // Tabs keep the cells apart when they are pasted into a spreadsheet.
  const copy = () => navigator.clipboard.writeText(Papa.unparse(cellsOf(bad), { delimiter: '\t', newline: '\n' }));
  return (
    <div class="notice bad">
      <h3>{text('list.bad.title')}</h3>
      <ul class="bad-rows">
        {bad.slice(0, limit.value).map((row) => (
          <li key={row.line}>
            {badText(row)}
            <span class="line soft small">{row.cells.filter((cell) => cell.trim() !== '').join(' · ')}</span>
          </li>
        ))}
      </ul>
      {bad.length > limit.value && (
        <Button look="quiet" onPress={() => (limit.value += PAGE)}>
          {text('guests.more', { n: bad.length - limit.value })}
        </Button>
      )}
      <div class="actions">
        <Button look="second" onPress={() => void copy().then(() => (copied.value = true))}>
          {text('list.bad.copy')}
        </Button>
        <a class="button second" href={fileOf(bad)} download={text('list.bad.file')}>
          {text('list.bad.download')}
        </a>
      </div>
      <p role="status" class="small">
        {copied.value ? text('list.bad.copied') : ''}
      </p>
    </div>
  );
}

/** Rows as they came, each with what is wrong with it in a last cell. */
function cellsOf(bad: readonly Bad[]): string[][] {
  return bad.map((row) => [...row.cells, badText(row)]);
}

/** A CSV that Excel opens with its Vietnamese letters; a cell that would be run as a formula there is made text. */
function fileOf(bad: readonly Bad[]): string {
  const csv = Papa.unparse(cellsOf(bad), { escapeFormulae: true });
  return `data:text/csv;charset=utf-8,${encodeURIComponent(`\ufeff${csv}`)}`;
}

function GoodRows({ good }: { good: readonly Good[] }) {
  const limit = useSignal(PAGE);
  return (
    <>
      <div class="scrolls" role="region" aria-labelledby="good" tabIndex={0}>
        <table class="people">
          <caption id="good">{text('list.good.title')}</caption>
          <thead>
            <tr>
              <th scope="col">{text('list.line')}</th>
              <th scope="col">{text('invite.name')}</th>
              <th scope="col" class="beside">
                {text('invite.email')}
              </th>
              <th scope="col">{text('guest.language')}</th>
            </tr>
          </thead>
          <tbody>
            {good.slice(0, limit.value).map(({ line, name, email, language }) => (
              <tr key={`${line} ${name}`}>
                <td>{line}</td>
                <td>
                  {name}
                  <span class="below soft small">{email ?? text('guests.no_email')}</span>
                </td>
                <td class="beside">{email ?? <span class="soft">{text('guests.no_email')}</span>}</td>
                <td>{language === 'vi' ? 'Việt' : 'English'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {good.length > limit.value && (
        <Button look="quiet" onPress={() => (limit.value += PAGE)}>
          {text('guests.more', { n: good.length - limit.value })}
        </Button>
      )}
    </>
  );
}
