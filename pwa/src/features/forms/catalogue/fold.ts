/** Words as people type them in a hurry. */

/** Return the words of `text` in lower case, without diacritics and punctuation. */
export function folded(text: string): string[] {
  const plain = text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replaceAll('đ', 'd');
  return plain.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
}

/** Whether `typed` stands in `words` from the start of a word on, as if no spaces were between them. */
export function begins(words: readonly string[], typed: string): boolean {
  return words.some((_, from) => joined(words, from, typed.length).startsWith(typed));
}

/** Shorter words are met by chance when a letter may be wrong. */
const LONG_ENOUGH = 4;

/** Whether `typed` is but one letter off what stands in `words` from the start of a word on. */
export function nearly(words: readonly string[], typed: string): boolean {
  if (typed.length < LONG_ENOUGH) return false;
  return words.some((_, from) => {
    const there = joined(words, from, typed.length + 1);
    return [-1, 0, 1].some((more) => oneOff(there.slice(0, typed.length + more), typed));
  });
}

function joined(words: readonly string[], from: number, length: number): string {
  let text = '';
  for (let at = from; at < words.length && text.length < length; at += 1) text += words[at] ?? '';
  return text;
}

/** Whether one letter was left out, put in, mistaken, or changed places with the next. */
function oneOff(a: string, b: string): boolean {
  let from = 0;
  while (from < a.length && a[from] === b[from]) from += 1;
  let end = 0;
  while (end < Math.min(a.length, b.length) - from && a.at(-1 - end) === b.at(-1 - end)) end += 1;
  const [left, right] = [a.slice(from, a.length - end), b.slice(from, b.length - end)];
  if (left.length <= 1 && right.length <= 1) return true;
  return left.length === 2 && right.length === 2 && left[0] === right[1] && left[1] === right[0];
}
