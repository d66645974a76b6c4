/** Asks the browser to keep what is stored here for good, instead of clearing it when space runs short. */

/** Ask now, as the person wishes. */
export async function askToKeepStorage(): Promise<void> {
  await navigator.storage.persist();
}

let asked = false;

/** Ask once a page, when the first work of the person is kept here; before that there is nothing to lose. */
export async function keepStorage(): Promise<void> {
  if (asked) return;
  asked = true;
  if (!(await navigator.storage.persisted())) await navigator.storage.persist();
}
