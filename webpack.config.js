// Python that is sent to kernels is imported as text, notebooks as JSON.
module.exports = {
  module: {
    rules: [
      { test: /\.py$/, type: 'asset/source' },
      { test: /\.ipynb$/, type: 'json' }
    ]
  }
};
