// The PouchDB side of BenchmarkPeers: one replication, timed, with all that
// came out at the other end.
//
//   node pouch.js seed URL RECORDS          puts records straight into the server
//   node pouch.js push URL RECORDS DIR OUT  replicates a laptop's records to it
//   node pouch.js pull URL DIR OUT          replicates the server to a new laptop
//
// RECORDS has one JSON record a line with its _id. OUT gets, a line each, the id
// and the SHA-256 of every record found at the end that was written to, its
// members in order. The seconds of the replication alone are printed.
'use strict';
const fs = require('fs');
const path = require('path');
const crypto = require('crypto');
const PouchDB = require('pouchdb');

const batch = 1000;

function read(file) {
  return fs.readFileSync(file, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line));
}

async function put(db, records) {
  for (let i = 0; i < records.length; i += batch) {
    for (const answer of await db.bulkDocs(records.slice(i, i + batch))) {
      if (answer.error) throw new Error(JSON.stringify(answer));
    }
  }
}

function canonical(value) {
  if (Array.isArray(value)) return '[' + value.map(canonical).join(',') + ']';
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  return '{' + Object.keys(value).sort().map((k) => JSON.stringify(k) + ':' + canonical(value[k])).join(',') + '}';
}

async function list(db, file) {
  const out = fs.openSync(file, 'w');
  const ask = { include_docs: true, limit: 2000 };
  for (;;) {
    const page = (await db.allDocs(ask)).rows;
    if (page.length === 0) break;
    for (const { doc } of page) {
      const { _id, _rev, ...body } = doc;
      fs.writeSync(out, _id + ' ' + crypto.createHash('sha256').update(canonical(body)).digest('hex') + '\n');
    }
    ask.startkey = page[page.length - 1].id;
    ask.skip = 1;
  }
  fs.closeSync(out);
}

async function timed(work) {
  const began = process.hrtime.bigint();
  const result = await work();
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  console.log(Number(process.hrtime.bigint() - began) / 1e9);
}

async function main(verb, url, ...rest) {
  const server = new PouchDB(url);
  if (verb === 'seed') return put(server, read(rest[0]));
  const dir = rest[rest.length - 2];
  const local = new PouchDB(path.join(dir, 'laptop'));
  if (verb === 'push') await put(local, read(rest[0]));
  await timed(() => (verb === 'push' ? local.replicate.to(server, { batch_size: batch }) : local.replicate.from(server, { batch_size: batch })));
  await list(verb === 'push' ? server : local, rest[rest.length - 1]);
  await local.close();
}

main(...process.argv.slice(2)).catch((err) => {
  console.error(err);
  process.exit(1);
});
