/** Where the person is, by the History API; and links that move there without loading the page anew. */
import { signal } from '@preact/signals';
import type { AnchorHTMLAttributes } from 'preact';
import { useEffect } from 'preact/hooks';

export interface Place {
  /** Without a slash at its end, except `/` itself. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** What stands after `#`, without it. */
  readonly fragment: string;
}

export const place = signal<Place>(here());

/** Go to an address of this app. `replace` leaves no way back to where the person was. */
export function navigate(href: string, { replace = false } = {}): void {
  if (replace) history.replaceState(null, '', href);
  else history.pushState(null, '', href);
  arrive();
  window.scrollTo(0, 0);
}

/** Follow the browser's own back and forward buttons, from now on. */
export function followHistory(): void {
  window.addEventListener('popstate', arrive);
}

/** A link inside the app. A click with a modifier key, or on another button, stays the browser's. */
export function Link({ href, onClick, ...rest }: AnchorHTMLAttributes & { href: string }) {
  return (
    <a
      {...rest}
      href={href}
      onClick={(event) => {
        onClick?.(event);
        if (event.defaultPrevented || event.button !== 0) return;
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        navigate(href);
      }}
    />
  );
}

/** Goes on at once to where the person belongs; the way back does not lead here. */
export function GoTo({ href }: { href: string }) {
  useEffect(() => navigate(href, { replace: true }), [href]);
  return null;
}

function arrive(): void {
  place.value = here();
}

function here(): Place {
  const { pathname, search, hash } = window.location;
  return {
    path: pathname.length > 1 ? pathname.replace(/\/+$/, '') : pathname,
    query: new URLSearchParams(search),
    fragment: hash.slice(1),
  };
}
