/**
 * An ESLint rule: imports point down, features never look sideways, `sync` looks at nothing.
 *
 * Layers: `main -> features/* -> ui, data -> codes -> sync` and `worker -> data -> codes -> sync`; `text` serves features,
 * ui and main.
 */

import path from 'node:path';

/** What each layer may import besides itself. A feature may import itself, never another one. */
const MAY_IMPORT = {
  main: ['features', 'ui', 'data', 'codes', 'text', 'sync'],
  features: ['ui', 'data', 'codes', 'text', 'sync'],
  ui: ['text', 'sync'],
  text: [],
  worker: ['data', 'codes', 'sync'],
  data: ['codes', 'sync'],
  codes: ['sync'],
  sync: [],
};

/** Tests may use what a test needs. */
const TESTING = /\.test\.tsx?$|\/testing\//;

/** The layer of a file, and for a feature its name: `{layer: 'features', unit: 'features/forms'}`. */
export function place(file, source) {
  const parts = path.relative(source, file).split(path.sep);
  if (parts[0] === '..' || parts[0] === '') return null;
  if (parts.length === 1) return { layer: 'main', unit: 'main' };
  const layer = parts[0];
  return { layer, unit: layer === 'features' ? `features/${parts[1]}` : layer };
}

/** Why `from` may not import `to`, or null when it may. */
export function objection(from, to) {
  if (from.unit === to.unit) return null;
  const allowed = MAY_IMPORT[from.layer];
  if (allowed === undefined) return `src/${from.layer} is not one of the layers ${Object.keys(MAY_IMPORT).join(', ')}`;
  if (from.layer === to.layer) return `${from.unit} may not look sideways at ${to.unit}`;
  if (!allowed.includes(to.layer)) return `${from.unit} may import ${['itself', ...allowed].join(', ')}, not ${to.unit}`;
  return null;
}

export const layers = {
  meta: { type: 'problem', schema: [], messages: { forbidden: '{{reason}}' } },
  create(context) {
    const source = path.join(context.cwd, 'src');
    const from = place(context.filename, source);
    if (from === null) return {};
    function check(node) {
      const name = node.source?.value;
      if (typeof name !== 'string') return;
      if (!name.startsWith('.')) {
        if (from.layer === 'sync' && !TESTING.test(context.filename)) {
          context.report({ node, messageId: 'forbidden', data: { reason: `sync imports nothing, not even ${name}` } });
        }
        return;
      }
      const to = place(path.resolve(path.dirname(context.filename), name), source);
      const reason = to === null ? null : objection(from, to);
      if (reason !== null) context.report({ node, messageId: 'forbidden', data: { reason } });
    }
    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
    };
  },
};
