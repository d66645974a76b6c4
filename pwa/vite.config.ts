import { defineConfig } from 'vitest/config';

import { compress } from './build/compress.ts';
import { precache } from './build/precache.ts';

// `npm run dev` serves the app and passes everything that is not the app on to a server on this machine.
const SERVER = 'http://localhost:8000';

export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  plugins: [
    precache({
      worker: 'src/worker/sw.ts',
      later: [
        'src/features/dossiers/officer.ts',
        'src/features/forms/publish/screens.ts',
        'src/features/gate/officer.ts',
        'src/features/gate/guard.ts',
        'src/features/identity/officer.ts',
        'src/text/gate.vi.json',
        'src/text/gate.en.json',
        'src/text/meetings.vi.json',
        'src/text/meetings.en.json',
        'src/text/publish.vi.json',
        'src/text/publish.en.json',
      ],
      scan: /^assets\/(?:worker|zxing_reader)-[^/]+$/,
    }),
    compress(),
  ],
  build: {
    target: 'es2022',
    manifest: true,
    // A data: URL in place of a small file would need a laxer Content-Security-Policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: Object.fromEntries(
      ['/sync', '/auth', '/blobs', '/healthz', '/live', '^/gate/(pack|fresh)$', '^/forms/(check|publish)$', '^/dossiers/[^/]+/evidence'].map((path) => [
        path,
        { target: SERVER, ws: path === '/live' },
      ]),
    ),
  },
  // The time limit ends what hangs; how busy the machine is decides nothing.
  test: { include: ['src/**/*.test.{ts,tsx}', 'build/**/*.test.ts'], environment: 'node', testTimeout: 60_000 },
});
