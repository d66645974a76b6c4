/** The build step that tells the service worker what to keep for offline use. */

import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

import { build, type Manifest, type Plugin } from 'vite';

/**
 * When a phone begins to keep a file: as the app is installed, when a page asks for what reads codes, or once it was
 * used.
 */
export type Keep = 'install' | 'scan' | 'use';

/** One file of the app: its path, its SHA-256 (Subresource Integrity), and from when on it is kept. */
export interface Precached {
  url: string;
  integrity: string;
  keep: Keep;
}

interface Options {
  /** The worker's source. */
  worker: string;
  /** Modules of which a phone keeps nothing before it has opened them: the faces of the app that few people have. */
  later: readonly string[];
  /** The names of files that no chunk imports, because they run in a worker: those that read codes. */
  scan: RegExp;
}

/**
 * Builds the worker into one unhashed classic script `/sw.js` after the app itself is written.
 *
 * The script sees `__PRECACHE__: Precached[]`: every file of the build besides the worker, source maps and the build's
 * own manifest. It is a build of its own, so that worker and page share no chunk, and no browser needs module workers.
 */
export function precache({ worker, later, scan }: Options): Plugin {
  let root = '';
  let out = '';
  return {
    name: 'motcua:precache',
    apply: 'build',
    configResolved(config) {
      root = config.root;
      out = path.resolve(config.root, config.build.outDir);
    },
    closeBundle: {
      order: 'post',
      sequential: true,
      async handler(error?: Error) {
        if (error !== undefined) return;
        const manifest = JSON.parse(await readFile(path.join(out, '.vite/manifest.json'), 'utf8')) as Manifest;
        const files = await listed(out, keeping(manifest, { later, scan }));
        await build({
          root,
          configFile: false,
          publicDir: false,
          logLevel: 'warn',
          // What loads modules for a page looks into import.meta, which a classic script has not.
          define: { __PRECACHE__: JSON.stringify(files), 'import.meta': '{}' },
          build: {
            outDir: out,
            emptyOutDir: false,
            target: 'es2022',
            rolldownOptions: {
              input: path.resolve(root, worker),
              output: { format: 'iife', entryFileNames: 'sw.js' },
            },
          },
        });
      },
    },
  };
}

/** Return from when on a file of the build is kept. */
export function keeping(manifest: Manifest, { later, scan }: Pick<Options, 'later' | 'scan'>): (file: string) => Keep {
  const late = lateFiles(manifest, later);
  return (file) => {
    if (scan.test(file)) return 'scan';
    return late.has(file) ? 'use' : 'install';
  };
}

/** The files of a build that nothing but the modules `later` leads to. */
export function lateFiles(manifest: Manifest, later: readonly string[]): ReadonlySet<string> {
  const unknown = later.filter((name) => manifest[name] === undefined);
  if (unknown.length > 0) throw new Error(`expected chunks of their own for ${unknown.join()}`);
  const reached = new Set<string>();
  const visit = (name: string): void => {
    const chunk = manifest[name];
    if (chunk === undefined || reached.has(name) || later.includes(name)) return;
    reached.add(name);
    [...(chunk.imports ?? []), ...(chunk.dynamicImports ?? [])].forEach(visit);
  };
  Object.keys(manifest)
    .filter((name) => manifest[name]?.isEntry === true)
    .forEach(visit);
  const files = (names: Iterable<string>): string[] =>
    [...names].flatMap((name) => {
      const { file, css = [], assets = [] } = manifest[name] ?? { file: '' };
      return [file, ...css, ...assets];
    });
  const early = new Set(files(reached));
  return new Set(files(Object.keys(manifest)).filter((file) => !early.has(file)));
}

/** Lists what is under `folder` in the order of the URLs. */
export async function listed(folder: string, keep: (file: string) => Keep): Promise<Precached[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .filter((name) => !(name === 'sw.js' || name.startsWith('.') || name.endsWith('.map')))
    .sort();
  return Promise.all(
    names.map(async (name) => {
      const hash = createHash('sha256').update(await readFile(path.join(folder, name)));
      return { url: `/${name}`, integrity: `sha256-${hash.digest('base64')}`, keep: keep(name) };
    }),
  );
}
