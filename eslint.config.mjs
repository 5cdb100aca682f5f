import js from '@eslint/js';
import jupyter from '@jupyter/eslint-plugin';
import prettier from 'eslint-config-prettier';
import boundaries from 'eslint-plugin-boundaries';
import reactHooks from 'eslint-plugin-react-hooks';
import globals from 'globals';
import tseslint from 'typescript-eslint';

/** Every rule that the Jupyter plugin recommends is an error here. */
const jupyterRules = jupyter.configs.recommended.map(config => ({
  ...config,
  plugins: { ...config.plugins, jupyter },
  rules: Object.fromEntries(
    Object.entries(config.rules ?? {}).map(([name, level]) => [
      name,
      Array.isArray(level) ? ['error', ...level.slice(1)] : 'error'
    ])
  )
}));

/**
 * The rooms, top first: a room imports from rooms below it and from itself.
 * docs/architecture.md draws this list.
 */
const ranks = [
  ['index'],
  ['plugins'],
  ['sidebar', 'workshops'],
  ['components'],
  ['notebook', 'dashboards', 'templates', 'cost'],
  ['providers-gateway'],
  ['providers-kernel'],
  ['cluster'],
  ['base']
];

const layers = ranks.flatMap((rooms, rank) =>
  rooms.map(from => ({
    from,
    allow: [from, ...ranks.slice(rank + 1).flat()]
  }))
);

const views = ['@lumino/widgets', '@jupyterlab/application', 'react'];

export default tseslint.config(
  {
    ignores: [
      'lib/',
      '.venv/',
      '.venvs/',
      '.tools/',
      '.cache/',
      'coverage/',
      'node_modules/',
      '**/node_modules/',
      'jupyterlab_seasonal_monitor/',
      'ui-tests/test-results/',
      'ui-tests/playwright-report/',
      '**/*.js',
      '**/*.mjs',
      '**/*.d.ts'
    ]
  },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [js.configs.recommended, ...tseslint.configs.recommended],
    languageOptions: { globals: { ...globals.browser } },
    rules: {
      '@typescript-eslint/naming-convention': [
        'error',
        {
          selector: 'interface',
          format: ['PascalCase'],
          filter: { regex: '^(Requests|Events)$', match: false },
          custom: { regex: '^I[A-Z]', match: true }
        }
      ],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-namespace': 'off',
      '@typescript-eslint/no-redeclare': 'off',
      'no-redeclare': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { args: 'none' }],
      curly: ['error', 'all'],
      eqeqeq: 'error',
      'no-console': 'error',
      'prefer-arrow-callback': 'error',
      'no-restricted-syntax': [
        'error',
        {
          selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']",
          message: 'Text from clusters and files is shown as text, never HTML.'
        }
      ],
      'no-restricted-properties': [
        'error',
        { property: 'innerHTML', message: 'Use text nodes.' }
      ]
    }
  },
  {
    files: ['src/**/*.ts', 'src/**/*.tsx'],
    ignores: ['src/**/__tests__/**'],
    plugins: { boundaries, 'react-hooks': reactHooks },
    settings: {
      'import/resolver': {
        node: { extensions: ['.ts', '.tsx', '.js', '.json'] }
      },
      'boundaries/elements': [
        { type: 'plugins', pattern: 'src/plugins/**', mode: 'full' },
        { type: 'sidebar', pattern: 'src/sidebar/**', mode: 'full' },
        { type: 'workshops', pattern: 'src/workshops/**', mode: 'full' },
        { type: 'components', pattern: 'src/components/**', mode: 'full' },
        { type: 'notebook', pattern: 'src/notebook/**', mode: 'full' },
        { type: 'dashboards', pattern: 'src/dashboards/**', mode: 'full' },
        { type: 'templates', pattern: 'src/templates/**', mode: 'full' },
        { type: 'cost', pattern: 'src/cost/**', mode: 'full' },
        {
          type: 'providers-gateway',
          pattern: 'src/providers/gateway/**',
          mode: 'full'
        },
        {
          type: 'providers-kernel',
          pattern: 'src/providers/kernel/**',
          mode: 'full'
        },
        { type: 'cluster', pattern: 'src/cluster/**', mode: 'full' },
        {
          type: 'index',
          pattern: ['src/index.ts', 'src/backEnds.ts'],
          mode: 'full'
        },
        {
          type: 'base',
          pattern: ['src/*.ts', 'src/tokens/*.ts'],
          mode: 'full'
        }
      ]
    },
    rules: {
      ...reactHooks.configs.recommended.rules,
      'boundaries/no-unknown-files': 'error',
      'boundaries/element-types': [
        'error',
        { default: 'disallow', rules: layers }
      ]
    }
  },
  {
    // Models and pure functions know no views.
    files: [
      'src/cluster/**/*.ts',
      'src/providers/**/*.ts',
      'src/notebook/snippet.ts',
      'src/notebook/literal.ts',
      'src/templates/fill.ts',
      'src/workshops/model.ts',
      'src/workshops/schema.ts',
      'src/cost/*.ts',
      'src/cost/compare/*.ts',
      'src/dashboards/url.ts'
    ],
    rules: {
      'no-restricted-imports': [
        'error',
        { paths: views.map(name => ({ name, allowTypeImports: true })) }
      ]
    }
  },
  ...jupyterRules,
  {
    // The model is what the plugins provide as they are activated; a test
    // bounds the size of everything that is loaded at the start.
    files: ['src/plugins/*.ts'],
    rules: {
      'jupyter/prefer-lazy-imports': [
        'error',
        {
          ignoreImports: [
            '../cluster/*',
            '../tokens',
            '../commands',
            '../icons'
          ]
        }
      ]
    }
  },
  {
    files: ['src/**/__tests__/**', 'ui-tests/**'],
    rules: {
      'jupyter/no-untranslated-string': 'off',
      'jupyter/prefer-lazy-imports': 'off',
      'jupyter/require-signal-cleanup': 'off',
      'jupyter/require-disposable-ownership': 'off',
      'jupyter/prefer-signal-this-arg': 'off',
      'jupyter/require-signal-this-arg': 'off',
      'jupyter/plugin-activation-args': 'off'
    }
  },
  prettier
);
