// Writes to a file what the configuration of a suite asks for: `node describe.mjs FILE VITEST ARGUMENTS…`, where VITEST is the address
// of vitest's package folder.

import { writeFileSync } from 'node:fs';

const [path = '', folder, ...args] = process.argv.slice(2);
/** @type {typeof import('vitest/node')} */
const { createVitest, parseCLI } = await import(`${folder}/dist/node.js`);
const { options } = parseCLI(['vitest', 'run', ...args]);
const { projects } = await createVitest('test', { ...options, watch: false, run: true, reporters: [{}] });
const configs = projects.map((project) => project.config);
writeFileSync(
  path,
  JSON.stringify({
    globalSetup: configs.some(({ globalSetup }) => [globalSetup ?? []].flat().length > 0),
    browser: configs.some(({ browser }) => browser?.enabled),
  }),
);
process.exit(0);
