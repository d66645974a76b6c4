/** Return `order` with `name` moved by `by` places; at an end it stays there. */
export function moved(order: readonly string[], name: string, by: -1 | 1): string[] {
  const from = order.indexOf(name);
  const to = from + by;
  if (from < 0 || to < 0 || to >= order.length) return [...order];
  const others = order.filter((each) => each !== name);
  return [...others.slice(0, to), name, ...others.slice(to)];
}

/** Return all `names` in the order that was given so far; those not in it yet come last, as they stand in the list. */
export function completed(given: readonly string[], names: readonly string[]): string[] {
  const kept = given.filter((name) => names.includes(name));
  return [...kept, ...names.filter((name) => !kept.includes(name))];
}
