/** The links of sharing. What opens a draft stands behind the `#`, which browsers send to no server. */

/** An invitation as its link says it; `procedure` is what the form is for, to show before anything has come. */
export interface Invitation {
  draft: string;
  secret: string;
  procedure: string | null;
}

const SECRET_BYTES = 16;
const ID = '([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})';
const INVITATION = new RegExp(`^${ID}\\.([A-Za-z0-9_-]{22,64})(?:\\.([a-z][a-z0-9-]{0,63}))?$`);
const CODE = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

export function invitationLink(origin: string, { draft, secret, procedure }: Invitation): string {
  return `${origin}/shared#${draft}.${secret}${procedure === null ? '' : `.${procedure}`}`;
}

/** Read the link of an invitation, or what stands behind its `#`; null when it is none. */
export function invitationIn(text: string): Invitation | null {
  const [, draft = '', secret = '', procedure] = INVITATION.exec(behind(text, '/shared')) ?? [];
  return draft === '' ? null : { draft, secret, procedure: procedure ?? null };
}

export function deskLink(origin: string, unit: string): string {
  return `${origin}/share#${unit}`;
}

/** Read the link that a desk shows, or what stands behind its `#`; null when it is none. */
export function deskIn(text: string): string | null {
  const unit = behind(text, '/share');
  return CODE.test(unit) ? unit : null;
}

/** Return a secret that nobody guesses: 128 bits, in base64url. */
export function newSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
  return btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** Return the SHA-256 of a secret in hex: all that the draft holds of it. */
export async function hashOf(secret: string): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(secret));
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function behind(text: string, path: string): string {
  const said = text.trim();
  const at = said.indexOf('#');
  if (at < 0) return said;
  return new RegExp(`^https?://[^/]+${path}/?$`).test(said.slice(0, at)) ? said.slice(at + 1) : '';
}
