/** The stores in which something personal stands: it is sealed on its way in, and opened when it is looked at. */

import type { Bytes, Value } from '../sync/canonical.ts';
import { stringify } from '../sync/canonical.ts';
import * as record from '../sync/record.ts';
import type { Base, Refused, Sealed, StoredFile, Unsent } from './db.ts';
import { isPersonal, key, type Key } from './vault.ts';

/** A row as IndexedDB has it: plain members, and the others as one sealed text. */
type Row = Record<string, unknown> & { sealed?: Bytes };

/** How rows of a store are sealed: those that are personal, what they are about, and the members that are hidden. */
interface Sealing {
  personal: (row: Row) => boolean;
  about: (row: Row) => string;
  hidden: readonly string[];
  /** Canonical JSON of the hidden members, and back. */
  write: (row: never) => Value;
  read: (data: unknown) => Record<string, unknown>;
}

const same = (data: unknown): Record<string, unknown> => data as Record<string, unknown>;
const ofKind = ({ kind }: Row): boolean => isPersonal(String(kind));
const named = ({ kind, id, record: of = id }: Row): string => `${String(kind)} ${String(of)}`;

const SEALINGS: Readonly<Record<string, Sealing>> = {
  base: {
    personal: ofKind,
    about: named,
    hidden: ['state'],
    write: ({ state }: Base) => ({ state: record.toJson(state) }),
    read: (data) => ({ state: record.fromJson(same(data).state) }),
  },
  changes: {
    personal: ofKind,
    about: named,
    hidden: ['key', 'n', 'replica', 'value', 'at', 'context'],
    write: ({ key, n, replica, value, at, context }: Unsent) => ({
      ...{ key, n, replica, value, at },
      context: Object.fromEntries(context),
    }),
    read(data) {
      const { context, ...rest } = data as Omit<Unsent, 'context'> & { context: Record<string, number> };
      return { ...rest, context: new Map(Object.entries(context)) };
    },
  },
  // A batch may hold anything.
  batches: {
    personal: () => true,
    about: ({ seq }) => String(seq),
    hidden: ['jws'],
    write: ({ jws }: Sealed) => ({ jws }),
    read: same,
  },
  attention: {
    personal: ofKind,
    about: named,
    hidden: ['values'],
    write: ({ values }: Refused) => ({ values }),
    read: same,
  },
  files: {
    personal: () => true,
    about: ({ sha256 }) => String(sha256),
    hidden: ['name', 'type', 'key'],
    write: ({ name, type, key: own }: StoredFile) => ({ name, type, key: own }),
    read: same,
  },
};

export const SEALED_STORES: readonly string[] = Object.keys(SEALINGS);

/** Return the row to be stored. What is personal is sealed with `by`. */
export function closed(store: string, row: Row, by: () => Key = key): Row {
  const sealing = SEALINGS[store];
  if (sealing === undefined || !sealing.personal(row)) return row;
  const plain = Object.entries(row).filter(([name]) => name !== 'sealed' && !sealing.hidden.includes(name));
  const sealed = by().seal(stringify(sealing.write(row as never)), `${store} ${sealing.about(row)}`);
  return { ...Object.fromEntries(plain), sealed };
}

/**
 * Return a row as its users know it. Its hidden members are opened when one of them is looked at, which throws
 * `vault_locked` while it is locked: what else there is to know of a row can be known then too.
 */
export function opened(store: string, row: Row, by: () => Key = key): Row {
  const sealing = SEALINGS[store];
  if (sealing === undefined || row.sealed === undefined) return row;
  const { sealed, ...plain } = row;
  let members: Record<string, unknown> | null = null;
  const open = () => sealing.read(JSON.parse(by().open(sealed, `${store} ${sealing.about(row)}`)));
  for (const name of sealing.hidden) {
    const get = () => (members ??= open())[name];
    Object.defineProperty(plain, name, { get, enumerable: true, configurable: true });
  }
  return plain;
}

type Method = (...args: unknown[]) => Promise<unknown>;

/** Put sealing between a store (or an index of one) and whoever uses it. */
export function overStore<S extends object>(store: S, name: string): S {
  if (SEALINGS[name] === undefined) return store;
  return new Proxy(store, {
    get(target, method) {
      const found: unknown = Reflect.get(target, method);
      if (typeof found !== 'function') return found;
      const call = found.bind(target) as Method;
      switch (method) {
        case 'get':
          return async (...args: unknown[]) => shown(await call(...args));
        case 'getAll':
          return async (...args: unknown[]) => ((await call(...args)) as Row[]).map((row) => opened(name, row));
        case 'put':
        case 'add':
          return (row: Row, ...rest: unknown[]) => call(closed(name, row), ...rest);
        case 'index':
          return (...args: unknown[]) => overStore(call(...args) as object, name);
        default:
          return call;
      }
    },
  });
  function shown(row: unknown): unknown {
    return row === undefined ? undefined : opened(name, row as Row);
  }
}
