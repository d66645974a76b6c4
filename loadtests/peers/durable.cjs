// A back end for pouchdb-server (`--level-backend`): LevelDB as it has it, that answers when the disk has a write.
// `sync` is LevelDB's own option for that; PouchDB has none that asks for it.
const { createRequire } = require('node:module')

const leveldown = createRequire(require.main.filename)('leveldown')

module.exports = function durable(location) {
  const database = leveldown(location)
  for (const write of ['_put', '_del', '_batch']) {
    const plain = database[write].bind(database)
    database[write] = (...given) => {
      const done = given.pop()
      plain(...given.slice(0, -1), { ...given.at(-1), sync: true }, done)
    }
  }
  return database
}
module.exports.destroy = leveldown.destroy
