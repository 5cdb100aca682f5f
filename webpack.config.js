// Python that is sent to kernels is imported as text, notebooks as JSON. The list of
// templates is made of their metadata when the page is built.
const listing = require.resolve('./scripts/templateListing.js');

module.exports = {
  module: {
    rules: [
      { test: /\.py$/, type: 'asset/source' },
      { test: /\.ipynb$/, type: 'json' },
      { test: listing, use: [listing] }
    ]
  }
};
