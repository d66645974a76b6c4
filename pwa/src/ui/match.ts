/** Return the named parts of `path` when it fits `pattern` (`/drafts/:id`), else null. Ids need no escapes. */
export function match(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split('/');
  const got = path.split('/');
  if (wanted.length !== got.length) return null;
  const parts: Record<string, string> = {};
  for (const [index, name] of wanted.entries()) {
    const part = got[index] ?? '';
    if (name.startsWith(':') && /^[\w.-]+$/.test(part)) parts[name.slice(1)] = part;
    else if (name !== part) return null;
  }
  return parts;
}
