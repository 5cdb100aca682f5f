// Makes one file for Node of users.mjs and of the page's own code in lib/.
const { resolve } = require('node:path');

module.exports = {
  mode: 'development',
  devtool: false,
  target: 'node',
  entry: resolve(__dirname, 'users.mjs'),
  output: { filename: 'users.cjs' },
  // What is made for browsers runs here as well.
  resolve: { conditionNames: ['browser', 'import', 'module', 'default'] },
  // Imports in lib/ have no endings.
  module: { rules: [{ test: /\.m?js$/, resolve: { fullySpecified: false } }] },
  performance: { hints: false },
  stats: 'errors-only'
};
