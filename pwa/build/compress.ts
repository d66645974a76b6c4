/** The build step that compresses files once, so that the server never has to. */

import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

import type { Plugin } from 'vite';

const GAINS = /\.(?:css|html|js|json|svg|wasm|webmanifest)$/;
/** Less than about one packet is not worth a header. */
const SMALLEST = 1_000;

/** Writes `<file>.br` and `<file>.gz` beside every file of the build that gains by it. */
export function compress(): Plugin {
  let out = '';
  return {
    name: 'motcua:compress',
    apply: 'build',
    configResolved(config) {
      out = path.resolve(config.root, config.build.outDir);
    },
    closeBundle: {
      order: 'post',
      sequential: true,
      async handler(error?: Error) {
        if (error !== undefined) return;
        for (const entry of await readdir(out, { recursive: true, withFileTypes: true })) {
          const file = path.join(entry.parentPath, entry.name);
          if (!entry.isFile() || !GAINS.test(entry.name) || entry.parentPath.endsWith('.vite')) continue;
          const data = await readFile(file);
          if (data.length < SMALLEST) continue;
          const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };
          await writeFile(`${file}.br`, brotliCompressSync(data, quality));
          await writeFile(`${file}.gz`, gzipSync(data, { level: 9 }));
        }
      },
    },
  };
}
