/** A code as somebody types or pastes it, made the text that a camera would have read. */

/** Line breaks and what stands around a code fall away. Base45 has blanks inside, but a code never ends in one. */
export function typedCode(typed: string): string {
  return typed.replace(/[\r\n\t]+/g, '').trim().toUpperCase();
}
