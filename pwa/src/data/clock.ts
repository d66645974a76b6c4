/** The time as the server has it, as well as this phone knows. */

let offset = 0;

/** Ms since 1970 by the phone's clock, put right by the server's last answer. */
export function now(): number {
  return Date.now() + offset;
}

/** Set how far the server's clock is ahead of the phone's, in ms. */
export function setOffset(ms: number): void {
  offset = ms;
}
