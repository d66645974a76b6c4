export type Params = Readonly<Record<string, string | number>>;

/** Return `message` with each `{name}` replaced by its parameter; a name without one stays as it is. */
export function fill(message: string, params: Params): string {
  return message.replace(/\{(\w+)\}/g, (hole, name: string) => String(params[name] ?? hole));
}

/** Return the names of a message's parameters in alphabetical order. */
export function holes(message: string): string[] {
  return [...message.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '').sort();
}
