// Replicates a database into a PouchDB in memory, as a new phone would: node replicate.mjs MODULES URL BATCH
import { createRequire } from 'node:module';

const [modules, url, batch] = process.argv.slice(2);
const require = createRequire(`${modules}/`);
const plain = (name) => require(name).default ?? require(name);
const PouchDB = plain('pouchdb-core');
for (const name of ['adapter-http', 'adapter-memory', 'replication']) PouchDB.plugin(plain(`pouchdb-${name}`));

let requests = 0;
const counted = (address, options) => {
  requests += 1;
  return PouchDB.fetch(address, options);
};
const phone = new PouchDB('phone', { adapter: 'memory' });
await phone.info(); // it is open
const began = performance.now();
await phone.replicate.from(new PouchDB(url, { fetch: counted, skip_setup: true }), { batch_size: Number(batch) });
const seconds = (performance.now() - began) / 1000;
const { doc_count: documents } = await phone.info();
console.log(JSON.stringify({ documents, requests, seconds }));
process.exit(); // keep-alive connections would hold it
