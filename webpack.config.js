// Python that is sent to kernels is imported as text, notebooks as JSON. The list of
// templates is made of their metadata when the page is built.
const listing = require.resolve('./scripts/templateListing.js');

module.exports = {
  // Browsers keep each file under its name. All files of a build have its hash, so
  // that what every page loads holds one name and no list of them.
  output: {
    chunkFilename: '[id].[fullhash].js?v=[fullhash]',
    hashDigestLength: 8
  },
  module: {
    rules: [
      { test: /\.py$/, type: 'asset/source' },
      { test: /\.ipynb$/, type: 'json' },
      { test: listing, use: [listing] }
    ]
  }
};
