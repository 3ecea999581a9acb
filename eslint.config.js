/**
 * Lint rules for every JavaScript and TypeScript file of the repository.
 *
 * Formatting is Prettier's business. What is checked here: types (typescript-eslint, with type
 * information), the rules of React, accessibility, and that the React app's layers point one way.
 */
import js from '@eslint/js';
import query from '@tanstack/eslint-plugin-query';
import prettier from 'eslint-config-prettier';
import a11y from 'eslint-plugin-jsx-a11y';
import hooks from 'eslint-plugin-react-hooks';
import { defineConfig, globalIgnores } from 'eslint/config';
import globals from 'globals';
import ts from 'typescript-eslint';

const REACT_APP = 'services/react-app/src';

/** Bottom to top: a layer may import those below it and itself, and nothing above. */
const LAYERS = [
  'types',
  'config',
  'lib',
  'i18n',
  'services',
  'hooks',
  'components',
  'pages',
  'App',
];

const layerRules = LAYERS.slice(0, -1).map((layer, index) => ({
  files: [`${REACT_APP}/${layer}/**`, `${REACT_APP}/${layer}.{ts,tsx}`],
  ignores: ['**/*.test.{ts,tsx}'],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            regex: `^\\.\\.?/(?:\\.\\./)*(?:${LAYERS.slice(index + 1).join('|')})(?:/|$)`,
            message: `The layer "${layer}" may not use a layer above it (${LAYERS.join(' < ')}).`,
          },
        ],
      },
    ],
  },
}));

export default defineConfig(
  globalIgnores([
    '**/node_modules/',
    '**/dist/',
    '**/build/',
    '**/.run/',
    'services/react-app/src/types/',
  ]),
  js.configs.recommended,
  {
    files: ['**/*.{js,mjs}'],
    languageOptions: { globals: globals.node },
  },
  {
    files: ['services/*/assets/**/*.js', 'services/react-app/public/**/*.js'],
    languageOptions: { globals: globals.browser, sourceType: 'script' },
    rules: { 'no-var': 'off' },
  },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [ts.configs.strictTypeChecked, ts.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      // `{ secret, ...rest }` is how one leaves a field out.
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // `() => void call()` and `() => setState(x)` read better on one line.
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidOperator: true },
      ],
      // TypeScript itself asks for ['name'] where a key comes from an index signature.
      '@typescript-eslint/dot-notation': ['error', { allowIndexSignaturePropertyAccess: true }],
    },
  },
  {
    files: [`${REACT_APP}/**/*.{ts,tsx}`],
    extends: [
      hooks.configs.flat.recommended,
      a11y.flatConfigs.strict,
      query.configs['flat/recommended'],
    ],
    languageOptions: { globals: globals.browser },
  },
  ...layerRules,
  prettier,
);
