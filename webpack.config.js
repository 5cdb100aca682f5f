// Python that is sent to kernels is imported as text, notebooks as JSON. The list of
// templates is made of their metadata when the page is built.
const listing = require.resolve('./scripts/templateListing.js');

module.exports = {
  // Browsers keep each file under its name. The names stand in what every page
  // loads, so they are no longer than it takes to tell two versions apart.
  output: { hashDigestLength: 8 },
  module: {
    rules: [
      { test: /\.py$/, type: 'asset/source' },
      { test: /\.ipynb$/, type: 'json' },
      { test: listing, use: [listing] }
    ]
  }
};
