/** Return letters and digits of `text` in lower case without diacritics, a space between words: to find and compare. */
export function plain(text: string): string {
  const bare = text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replaceAll('đ', 'd');
  return bare.replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
}
