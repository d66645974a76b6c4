/** Scanners that are keyboards: they type a code fast and end it with Enter ("keyboard wedges"). */
import { useEffect, useRef } from 'preact/hooks';

/** Ms between two keys of a scanner at most; people are slower. */
const FAST = 80;
/** Shorter than any code that we know. */
const SHORTEST = 6;

/** What was typed so far. Pure: the time comes with each key. */
export class Wedge {
  private typed = '';
  private last = -Infinity;

  /** It looks like a scanner: what it types must press no button and move no page. */
  get running(): boolean {
    return this.typed.length > 2;
  }

  /** Take in a key (`KeyboardEvent.key`) at `at` ms; returns the code when the key ends one. */
  press(key: string, at: number): string | null {
    if (at - this.last > FAST) this.typed = '';
    this.last = at;
    if (key === 'Enter') {
      const text = this.typed;
      this.typed = '';
      return text.length >= SHORTEST ? text : null;
    }
    if (key.length === 1) this.typed += key; // other keys have names: Shift, Tab
    return null;
  }
}

/** Call `onText` with what such a scanner types while no field has the focus. */
export function useKeyboardWedge(onText: (text: string) => void): void {
  const latest = useRef(onText);
  latest.current = onText;
  useEffect(() => {
    const wedge = new Wedge();
    const listen = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.altKey || event.metaKey || isField(event.target)) return;
      const text = wedge.press(event.key, event.timeStamp);
      if (text !== null || wedge.running) event.preventDefault();
      if (text !== null) latest.current(text);
    };
    // Before any button hears the key.
    addEventListener('keydown', listen, { capture: true });
    return () => removeEventListener('keydown', listen, { capture: true });
  }, []);
}

function isField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.matches('input:not([type=radio], [type=checkbox]), textarea, select');
}
