/** Ids of records: UUIDv7 (RFC 9562 5.7). */

/** Return the UUIDv7 of a time (ms since 1970) and 10 random bytes, in lower case with dashes. */
export function uuid7(at: number, random: Uint8Array): string {
  const time = at.toString(16).padStart(12, '0');
  const [a = 0, b = 0, c = 0, ...rest] = random;
  const hex = (byte: number) => byte.toString(16).padStart(2, '0');
  const version = `7${hex(a).slice(1)}${hex(b)}`;
  const tail = [(c & 0x3f) | 0x80, ...rest].map(hex).join('');
  return [time.slice(0, 8), time.slice(8), version, tail.slice(0, 4), tail.slice(4)].join('-');
}
