/** The three signs of a verdict. Their outlines differ as road signs do: they are told apart without any colour. */
import type { Look } from './signal.ts';

/** A disc with a check mark, a triangle with an exclamation mark, an octagon with a cross. */
export function Symbol({ look }: { look: Look }) {
  return (
    <svg class="symbol" viewBox="0 0 64 64" aria-hidden="true" data-look={look}>
      {SHAPES[look]}
    </svg>
  );
}

const line = {
  fill: 'none',
  stroke: 'var(--verdict)',
  'stroke-width': 7,
  'stroke-linecap': 'round',
  'stroke-linejoin': 'round',
} as const;

const SHAPES = {
  admit: (
    <>
      <circle cx="32" cy="32" r="30" fill="currentColor" />
      <path {...line} d="M18 33.5 28 43.5 46.5 22.5" />
    </>
  ),
  check: (
    <>
      <path d="M32 6 60 56H4Z" fill="currentColor" stroke="currentColor" stroke-width="6" stroke-linejoin="round" />
      <path {...line} d="M32 23v15" />
      <circle cx="32" cy="48.5" r="4.2" fill="var(--verdict)" />
    </>
  ),
  refuse: (
    <>
      <path d="M20 3h24l17 17v24L44 61H20L3 44V20Z" fill="currentColor" />
      <path {...line} d="M21.5 21.5 42.5 42.5M42.5 21.5 21.5 42.5" />
    </>
  ),
};
