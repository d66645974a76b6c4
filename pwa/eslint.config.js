import js from '@eslint/js';
import tseslint from 'typescript-eslint';

import { layers } from './build/layers.js';

const STORAGE_AND_NETWORK = ['fetch', 'indexedDB', 'localStorage', 'sessionStorage', 'XMLHttpRequest', 'WebSocket'];
const CLOCKS_AND_CHANCE = [
  { selector: "MemberExpression[object.name='Date'][property.name='now']", message: 'pure code has no clock: pass the time in' },
  { selector: "NewExpression[callee.name='Date']", message: 'pure code has no clock: pass the time in' },
  { selector: "CallExpression[callee.name='Date']", message: 'pure code has no clock: pass the time in' },
  { selector: "Identifier[name='performance']", message: 'pure code has no clock: pass the time in' },
  { selector: "MemberExpression[object.name='Math'][property.name='random']", message: 'pure code has no chance in it' },
  { selector: "MemberExpression[property.name=/^(randomUUID|getRandomValues)$/]", message: 'pure code has no chance in it' },
];

export default tseslint.config(
  { ignores: ['dist', 'node_modules', '**/*.d.ts'] },
  js.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  { files: ['**/*.js'], languageOptions: { globals: { console: 'readonly', process: 'readonly' } } },
  {
    files: ['src/**/*.{ts,tsx}'],
    plugins: { motcua: { rules: { layers } } },
    rules: { 'motcua/layers': 'error', 'max-len': ['error', { code: 120 }], 'no-console': 'error' },
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    ignores: ['src/data/**', 'src/worker/**', 'src/**/*.test.*', 'src/**/testing/**'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...STORAGE_AND_NETWORK.map((name) => ({ name, message: 'src/data is the only door to storage and network' })),
      ],
      'no-restricted-properties': [
        'error',
        ...['window', 'globalThis', 'self'].flatMap((object) =>
          STORAGE_AND_NETWORK.map((property) => ({ object, property, message: 'src/data is the only door' })),
        ),
      ],
    },
  },
  {
    files: ['src/sync/**/*.ts', 'src/codes/**/*.ts'],
    ignores: ['src/**/*.test.ts', 'src/**/testing/**'],
    rules: { 'no-restricted-syntax': ['error', ...CLOCKS_AND_CHANCE] },
  },
  {
    files: ['src/**/*.test.{ts,tsx}', 'src/**/testing/**'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
);
