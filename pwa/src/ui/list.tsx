/** Rows, tags and facts: how lists of things look everywhere. */
import type { ComponentChildren } from 'preact';

import { Link } from './router.tsx';

export type Tone = 'plain' | 'good' | 'wait' | 'bad';

export function Tag({ tone = 'plain', children }: { tone?: Tone; children: ComponentChildren }) {
  return <strong class={`tag ${tone}`}>{children}</strong>;
}

interface RowProps {
  href: string;
  title: ComponentChildren;
  /** A quiet line below the title. */
  detail?: ComponentChildren;
  tag?: ComponentChildren;
}

/** A row that leads somewhere; to be put in `<ul class="rows">`. */
export function Row({ href, title, detail, tag }: RowProps) {
  return (
    <li class="row">
      <span class="row-text">
        <Link href={href}>{title}</Link>
        {detail !== undefined && <span class="row-detail">{detail}</span>}
      </span>
      {tag}
    </li>
  );
}

/** Pairs of a name and what it is; a fact that is null is left out. */
export function Facts({ facts }: { facts: readonly (readonly [name: string, value: ComponentChildren] | null)[] }) {
  return (
    <dl class="facts">
      {facts.map(
        (fact, index) =>
          fact !== null && (
            <div key={index}>
              <dt>{fact[0]}</dt>
              <dd>{fact[1]}</dd>
            </div>
          ),
      )}
    </dl>
  );
}

/** What stands where a list has nothing yet. */
export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      {children}
    </div>
  );
}
