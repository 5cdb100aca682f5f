// Jest imports a notebook as webpack does: as its JSON.
module.exports = {
  process: content => ({ code: `module.exports = ${content}` })
};
