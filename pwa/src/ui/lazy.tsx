import type { ComponentChild, ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import { text } from '../text/index.ts';

/**
 * Return a component whose code is loaded when it is first shown. A failed load goes to the nearest boundary.
 *
 * Until then the page says that it loads; a part of a page shows `meanwhile`, which may be nothing.
 */
export function lazy<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  meanwhile?: ComponentChild,
): ComponentType<Props> {
  let ready: ComponentType<Props> | null = null;
  return function Lazy(props: Props) {
    const [loaded, setLoaded] = useState<{ failed: unknown } | { failed: null; at: number }>({ failed: null, at: 0 });
    useEffect(() => {
      if (ready !== null) return;
      load().then(
        (component) => {
          ready = component;
          setLoaded({ failed: null, at: 1 });
        },
        (error: unknown) => setLoaded({ failed: error }),
      );
    }, []);
    if (loaded.failed !== null) throw loaded.failed instanceof Error ? loaded.failed : new Error('expected a chunk');
    const Ready = ready;
    if (Ready !== null) return <Ready {...props} />;
    return meanwhile === undefined ? <main class="page loading">{text('page.loading')}</main> : <>{meanwhile}</>;
  };
}
