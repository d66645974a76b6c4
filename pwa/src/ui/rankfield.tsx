/** Putting things in an order, with two buttons each: dragging fails on shaking hands, keyboards and screen readers. */
import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';

import { text } from '../text/index.ts';
import type { Choice } from './choice.tsx';
import { FieldGroup } from './field.tsx';
import type { Asking } from './field.tsx';
import { completed, moved } from './rank.ts';
import { Button } from './task.tsx';

interface RankFieldProps extends Asking {
  choices: readonly Choice[];
  /** All names in the person's order; null while no order was given. */
  value: readonly string[] | null;
  onChoose: (names: string[]) => void;
}

export function RankField({ choices, value, onChoose, ...asking }: RankFieldProps) {
  const list = useRef<HTMLOListElement>(null);
  /** Which button has the focus to follow its row, for a row that moves in the document loses it. */
  const follow = useRef<string | null>(null);
  const said = useSignal('');
  const labels = new Map(choices.map(({ name, label }) => [name, label]));
  const order = completed(value ?? [], [...labels.keys()]);
  useLayoutEffect(() => {
    if (follow.current === null) return;
    list.current?.querySelector<HTMLElement>(`[data-move="${follow.current}"]`)?.focus();
    follow.current = null;
  });
  function move(name: string, by: -1 | 1): void {
    const next = moved(order, name, by);
    follow.current = `${name} ${by}`;
    const place = { label: labels.get(name) ?? name, n: next.indexOf(name) + 1, all: next.length };
    said.value = text('rank.moved', place);
    onChoose(next);
  }
  return (
    <FieldGroup {...asking}>
      <ol class={value === null ? 'rank open' : 'rank'} ref={list}>
        {order.map((name, index) => {
          const label = labels.get(name) ?? name;
          return (
            <li key={name}>
              <span class="rank-place" aria-hidden="true">
                {value === null ? '–' : index + 1}
              </span>
              <span class="rank-label">{label}</span>
              {([-1, 1] as const).map((by) => (
                <button
                  key={by}
                  type="button"
                  id={index === 0 && by === -1 ? asking.id : undefined}
                  data-move={`${name} ${by}`}
                  aria-label={text(by < 0 ? 'rank.up' : 'rank.down', { label })}
                  aria-disabled={by < 0 ? index === 0 : index === order.length - 1}
                  onClick={() => move(name, by)}
                >
                  {by < 0 ? '↑' : '↓'}
                </button>
              ))}
            </li>
          );
        })}
      </ol>
      {value === null && (
        <Button look="quiet" onPress={() => onChoose(order)}>
          {text('rank.keep')}
        </Button>
      )}
      <p class="visually-hidden" role="status">
        {said.value}
      </p>
    </FieldGroup>
  );
}
