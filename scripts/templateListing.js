/**
 * What the templates of this package say of themselves, without their notebooks.
 * Reads the folder: in tests when it is imported, otherwise once, when the page
 * is built (as a loader of webpack, which puts the list in its place).
 */
const fs = require('fs');
const path = require('path');

const FOLDER = path.join(__dirname, '../jupyterlab_seasonal_monitor/templates');
const FIELDS = [
  'id',
  'version',
  'title',
  'task',
  'description',
  'tags',
  'products',
  'references',
  'requires',
  'cost'
];

function listing() {
  return Object.fromEntries(
    fs
      .readdirSync(FOLDER)
      .filter(name => name.endsWith('.ipynb'))
      .sort()
      .map(name => {
        const text = fs.readFileSync(path.join(FOLDER, name), 'utf8');
        const { seasonal_monitor: record = {} } = JSON.parse(text).metadata;
        return [
          path.basename(name, '.ipynb'),
          Object.fromEntries(
            FIELDS.filter(field => field in record).map(field => [
              field,
              record[field]
            ])
          )
        ];
      })
  );
}

module.exports = function templateListing() {
  this.addContextDependency(FOLDER);
  return `exports.templates = ${JSON.stringify(listing())};`;
};
module.exports.templates = listing();
