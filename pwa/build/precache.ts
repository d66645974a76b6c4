/** The build step that tells the service worker what to keep for offline use. */

import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

import { build, type Plugin } from 'vite';

/** One file of the app: where it is served, and the lower hex SHA-256 of its bytes. */
export interface Precached {
  url: string;
  hash: string;
}

/**
 * Builds `worker` into one unhashed classic script `/sw.js` after the app itself is written.
 *
 * The script sees `__PRECACHE__: Precached[]`: every file of the build besides the worker, source maps and the build's
 * own manifest. It is a build of its own, so that worker and page share no chunk, and no browser needs module workers.
 */
export function precache(options: { worker: string }): Plugin {
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
        const files = await listed(out);
        await build({
          root,
          configFile: false,
          publicDir: false,
          logLevel: 'warn',
          define: { __PRECACHE__: JSON.stringify(files) },
          build: {
            outDir: out,
            emptyOutDir: false,
            target: 'es2022',
            rollupOptions: {
              input: path.resolve(root, options.worker),
              output: { format: 'iife', entryFileNames: 'sw.js' },
            },
          },
        });
      },
    },
  };
}

/** Lists what is under `folder` as URLs with hashes, in the order of the URLs. */
export async function listed(folder: string): Promise<Precached[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .filter((name) => !(name === 'sw.js' || name.startsWith('.') || name.endsWith('.map')))
    .sort();
  return Promise.all(
    names.map(async (name) => ({
      url: `/${name}`,
      hash: createHash('sha256')
        .update(await readFile(path.join(folder, name)))
        .digest('hex'),
    })),
  );
}
