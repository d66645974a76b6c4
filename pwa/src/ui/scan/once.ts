/** A code that is held before the camera is read many times a second; it is to be reported once. */

/** How long a code must have been out of view before it counts as shown again, in ms. */
export const OUT_OF_VIEW = 2_500;

/** Remembers what is in view. */
export class Once {
  private readonly lastRead = new Map<string, number>();

  /** Take in that `text` was read at `at` (ms, by a clock that never goes back); says whether it is news. */
  isNew(text: string, at: number): boolean {
    for (const [other, last] of this.lastRead) if (at - last > OUT_OF_VIEW) this.lastRead.delete(other);
    const known = this.lastRead.has(text);
    this.lastRead.set(text, at);
    return !known;
  }

  /** Report whatever is in view anew. */
  forget(): void {
    this.lastRead.clear();
  }
}
