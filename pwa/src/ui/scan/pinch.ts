import { useEffect, useRef } from 'preact/hooks';

interface Point {
  clientX: number;
  clientY: number;
}

/** Two fingers on an element: `onPinch` is told by what factor they moved apart since the last time. */
export function usePinch(element: { current: HTMLElement | null }, onPinch: ((by: number) => void) | null): void {
  const latest = useRef(onPinch);
  latest.current = onPinch;
  useEffect(() => {
    const target = element.current;
    if (target === null) return;
    const fingers = new Map<number, Point>();
    const spread = (): number => {
      const [a, b] = [...fingers.values()];
      return a === undefined || b === undefined ? 0 : Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
    };
    const move = (event: PointerEvent) => {
      if (!fingers.has(event.pointerId)) return;
      const before = spread();
      fingers.set(event.pointerId, event);
      const now = spread();
      if (fingers.size === 2 && before > 0 && now > 0) latest.current?.(now / before);
    };
    const down = (event: PointerEvent) => void fingers.set(event.pointerId, event);
    const up = (event: PointerEvent) => void fingers.delete(event.pointerId);
    const ends = ['pointerup', 'pointercancel', 'pointerleave'] as const;
    target.addEventListener('pointerdown', down);
    target.addEventListener('pointermove', move);
    for (const end of ends) target.addEventListener(end, up);
    return () => {
      target.removeEventListener('pointerdown', down);
      target.removeEventListener('pointermove', move);
      for (const end of ends) target.removeEventListener(end, up);
    };
  }, [element]);
}
