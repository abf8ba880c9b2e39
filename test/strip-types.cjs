// Node's own type stripping as a Jest transform: no compiler, line and column numbers are kept.
const { stripTypeScriptTypes } = require('node:module');

module.exports = {
  process: (source) => ({ code: stripTypeScriptTypes(source, { mode: 'strip' }) }),
};
