/** Small choices of this phone that are no records, such as the language. They are readable before anything loads. */

/** Return what was kept under `name`, or null. */
export function kept(name: string): string | null {
  try {
    return localStorage.getItem(`motcua/${name}`);
  } catch {
    return null; // the browser forbids storage; the choice is made anew each time
  }
}

export function keep(name: string, value: string): void {
  try {
    localStorage.setItem(`motcua/${name}`, value);
  } catch {
    // the choice holds until the page is left
  }
}
