// After tsc: the workflow bundle, built once and shipped (a worker that bundles at its start takes a second longer), and the executable bit.
import { chmod, stat, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';
import { glob } from 'tinyglobby';

const dist = fileURLToPath(new URL('../dist/', import.meta.url));
const changedAt = async (file) => (await stat(file).catch(() => null))?.mtimeMs ?? 0;

const target = `${dist}workflow-bundle.js`;
const sources = await glob(['workflows/*.js', 'core/*.js'], { cwd: dist, absolute: true });
const newest = Math.max(
  ...(await Promise.all([...sources, fileURLToPath(new URL('../package-lock.json', import.meta.url))].map(changedAt))),
);
if ((await changedAt(target)) <= newest) {
  const silent = () => undefined;
  const logger = { log: silent, trace: silent, debug: silent, info: silent, warn: console.warn, error: console.error };
  const { code } = await bundleWorkflowCode({ workflowsPath: `${dist}workflows/index.js`, logger });
  await writeFile(target, code);
}
await chmod(`${dist}cli.js`, 0o755);
