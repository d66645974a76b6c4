/** What stands around every screen. */
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import { language, text } from '../text/index.ts';
import type { Language } from '../text/index.ts';
import { Link, place } from './router.tsx';
import type { NetworkLine } from './status.ts';
import { Button } from './task.tsx';

export interface Way {
  href: string;
  label: string;
}

interface ShellProps {
  ways: readonly Way[];
  account: Way;
  network: NetworkLine;
  onLanguage: (language: Language) => void;
  banners?: ComponentChildren;
  children: ComponentChildren;
}

export function Shell({ ways, account, network, onLanguage, banners, children }: ShellProps) {
  const other: Language = language.value === 'vi' ? 'en' : 'vi';
  return (
    <>
      <a class="skip" href="#main">
        {text('shell.skip')}
      </a>
      <header>
        <div class="bar">
          <div class="inner">
            <Link class="wordmark" href="/">
              <Door />
              {text('app.name')}
            </Link>
            <button type="button" lang={other} onClick={() => onLanguage(other)}>
              {other === 'vi' ? 'Tiếng Việt' : 'English'}
            </button>
            <Link href={account.href}>{account.label}</Link>
          </div>
        </div>
        <nav class="ways" aria-label={text('shell.ways')}>
          <ul class="inner">
            {ways.map(({ href, label }) => (
              <li key={href}>
                <Link href={href} aria-current={current(href, ways) ? 'page' : undefined}>
                  {label}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
        <Network line={network} />
      </header>
      {banners}
      {children}
      <footer class="foot">
        <div class="inner">
          <p>{text('shell.foot')}</p>
        </div>
      </footer>
    </>
  );
}

/** Of the ways that lead towards where the person is, the one that leads furthest. */
function current(href: string, ways: readonly Way[]): boolean {
  const { path } = place.value;
  const leads = (to: string) => (to === '/' ? path === '/' : path === to || path.startsWith(`${to}/`));
  return leads(href) && !ways.some((other) => other.href.length > href.length && leads(other.href));
}

function Door() {
  return (
    <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" aria-hidden="true">
      <path d="M3 21.5h18M6 21.5V10a6 6 0 0 1 12 0v11.5" stroke-linecap="round" />
      <path d="M12 4v17.5" />
      <circle cx="9.4" cy="14" r="1" fill="currentColor" stroke="none" />
    </svg>
  );
}

const SETTLED_MS = 2_500;

/** The line itself changes at every letter typed; it is read aloud only when it has stood still for a while. */
function Network({ line }: { line: NetworkLine }) {
  const [spoken, speak] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => speak(line.message), SETTLED_MS);
    return () => clearTimeout(timer);
  }, [line.message]);
  return (
    <div class={`network ${line.tone}`}>
      <div class="inner">
        <span class="dot" aria-hidden="true" />
        <span data-testid="status">{line.more ? <Link href="/outbox">{line.message}</Link> : line.message}</span>
        <span class="visually-hidden" role="status" aria-live="polite">
          {spoken}
        </span>
      </div>
    </div>
  );
}

/** A quiet strip below the bar with one thing to do. */
export function Banner({ message, action, onAction }: { message: string; action: string; onAction: () => void }) {
  return (
    <section class="banner" aria-label={message}>
      <div class="inner">
        <p>{message}</p>
        <Button look="quiet" onPress={onAction}>
          {action}
        </Button>
      </div>
    </section>
  );
}
