// After tsc, what is made once and shipped: the workflow bundle (a worker that bundles at its start takes a second longer) and an empty
// database (initialising one takes three seconds and twice the memory). And the executable bit.
import { chmod, stat, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';
import { bundleWorkflowCode } from '@temporalio/worker';
import { glob } from 'tinyglobby';

const dist = fileURLToPath(new URL('../dist/', import.meta.url));
const changedAt = async (file) => (await stat(file).catch(() => null))?.mtimeMs ?? 0;

const lockFile = fileURLToPath(new URL('../package-lock.json', import.meta.url));
const isStale = async (target, sources) =>
  (await changedAt(target)) <= Math.max(...(await Promise.all([...sources, lockFile].map(changedAt))));

const bundle = `${dist}workflow-bundle.js`;
if (await isStale(bundle, await glob(['workflows/*.js', 'core/*.js'], { cwd: dist, absolute: true }))) {
  const silent = () => undefined;
  const logger = { log: silent, trace: silent, debug: silent, info: silent, warn: console.warn, error: console.error };
  const { code } = await bundleWorkflowCode({ workflowsPath: `${dist}workflows/index.js`, logger });
  await writeFile(bundle, code);
}

const emptyDatabase = `${dist}empty-database.tar.gz`;
if (await isStale(emptyDatabase, [])) {
  const database = await PGlite.create(); // In memory.
  const archive = await database.dumpDataDir('gzip');
  await database.close();
  await writeFile(emptyDatabase, Buffer.from(await archive.arrayBuffer()));
}
await chmod(`${dist}cli.js`, 0o755);
