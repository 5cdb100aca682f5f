const jestJupyterLab = require('@jupyterlab/testing/lib/jest-config');

const esModules = [
  '@codemirror',
  '@jupyter/',
  '@jupyterlab/',
  '@marijn',
  '@microsoft/',
  'color',
  '@rjsf/',
  '@tanstack/',
  'exenv-es6',
  'lib0',
  'marked',
  'nanoid',
  'uplot',
  'vscode-ws-jsonrpc',
  'vscode-jsonrpc',
  'y-protocols',
  'y-websocket',
  'yjs'
].join('|');

const base = jestJupyterLab(__dirname);

module.exports = {
  ...base,
  automock: false,
  collectCoverageFrom: [
    'src/**/*.{ts,tsx}',
    '!src/**/*.d.ts',
    '!src/**/__tests__/*'
  ],
  coverageReporters: ['lcov', 'text'],
  modulePathIgnorePatterns: [
    '<rootDir>/jupyterlab_seasonal_monitor/labextension',
    '<rootDir>/lib',
    '<rootDir>/ui-tests',
    '<rootDir>/.venv',
    '<rootDir>/.venvs',
    '<rootDir>/.cache'
  ],
  reporters: ['default', 'jest-junit'],
  testTimeout: 60000,
  testRegex: 'src/(.*/)?__tests__/.*\\.spec\\.tsx?$',
  transform: {
    ...base.transform,
    '\\.ipynb$': '<rootDir>/tests/jest/notebookTransform.js',
    '\\.py$': '@jupyterlab/testing/lib/jest-raw-loader.js'
  },
  transformIgnorePatterns: [`/node_modules/(?!${esModules}).+`]
};
