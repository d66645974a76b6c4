import type { RecordView } from '../../data/records.ts';
import type { Key } from '../../text/index.ts';

export type Role = 'resident' | 'guard' | 'officer' | 'operator';

/** Where someone stands on the way to a usable phone: an account first, then this phone bound to it. */
export type Step = 'account' | 'device' | 'done';

export function stepOf(me: { device: string | null } | null): Step {
  if (me === null) return 'account';
  return me.device === null ? 'device' : 'done';
}

export function roleKey(role: string): Key {
  const known: Record<string, Key> = {
    resident: 'role.resident',
    guard: 'role.guard',
    officer: 'role.officer',
    operator: 'role.operator',
  };
  return known[role] ?? 'role.resident';
}

export interface Enrolled {
  id: string;
  label: string;
  at: number;
  revokedAt: number | null;
}

/** Read `device` and `passkey` records for a list: valid ones first, the newest first among them. */
export function enrolledOf(views: readonly RecordView[], person: string, timeKey: string): Enrolled[] {
  return views
    .filter(({ values }) => values.person === person)
    .map(({ id, values }) => ({
      id,
      label: typeof values.label === 'string' ? values.label : id,
      at: typeof values[timeKey] === 'number' ? values[timeKey] : 0,
      revokedAt: typeof values.revoked_at === 'number' ? values.revoked_at : null,
    }))
    .sort((a, b) => Number(a.revokedAt !== null) - Number(b.revokedAt !== null) || b.at - a.at);
}

/** Where to go after signing in: only ever inside this app. */
export function safeNext(next: string | null): string {
  return next !== null && /^\/(?![/\\])/.test(next) ? next : '/';
}
