import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

import { text } from '../text/index.ts';
import { Link } from './router.tsx';

interface PageProps {
  /** The heading; it also names the browser's tab and is what a screen reader says on arrival. */
  title: string;
  /** A line above the heading: where this page belongs. */
  kicker?: string | undefined;
  back?: { href: string; label: string } | undefined;
  wide?: boolean;
  /** The page says that something must be mended. */
  wrong?: boolean;
  children: ComponentChildren;
}

/** The first page leaves the focus where the browser put it. */
let opened = false;

/** One screen: a way back, a heading that takes the focus on arrival, and the content. */
export function Page({ title, kicker, back, wide = false, wrong = false, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${wrong ? `${text('page.wrong')}: ` : ''}${title} – ${text('app.name')}`;
  }, [title, wrong]);
  useEffect(() => {
    if (opened) heading.current?.focus({ preventScroll: true });
    opened = true;
  }, []);
  return (
    <main id="main" class={wide ? 'page wide' : 'page'}>
      {back !== undefined && (
        <Link class="back" href={back.href}>
          {back.label}
        </Link>
      )}
      {kicker !== undefined && <p class="kicker">{kicker}</p>}
      <h1 tabIndex={-1} ref={heading}>
        {title}
      </h1>
      {children}
    </main>
  );
}
