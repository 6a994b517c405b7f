'use strict';
// The only test of the run that merges coverage: hands node what other processes have measured, as if its own had. It is copied to a
// folder called node_modules, which node leaves out of its report.

const { readdirSync, readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');

const { raw, own } = JSON.parse(process.env.HOLDFAST_COVERAGE ?? '{}');
const ours = pathToFileURL(own).href; // Programs of Holdfast ran in the same processes.

for (const attempt of readdirSync(raw)) {
  for (const name of readdirSync(join(raw, attempt))) {
    const { result, ...rest } = JSON.parse(readFileSync(join(raw, attempt, name), 'utf8'));
    const others = result.filter((/** @type {{ url: string }} */ { url }) => !url.startsWith(ours));
    const path = join(process.env.NODE_V8_COVERAGE ?? '', name.replace(/^coverage-/, `coverage-${Number(attempt) + 1}`)); // A name as node knows them.
    writeFileSync(path, JSON.stringify({ result: others, ...rest }));
  }
}
