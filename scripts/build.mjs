// Builds what is shipped, after tsc has written the types: one bundle of the commands and their libraries (five hundred small modules take a
// second of CPU time to load), the workflow bundle (a worker that bundles at its start takes a second longer), and an empty database
// (initialising one takes three seconds and twice the memory).
import { chmod, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';
import { bundleWorkflowCode } from '@temporalio/worker';
import { rolldown } from 'rolldown';
import { glob } from 'tinyglobby';

const root = fileURLToPath(new URL('../', import.meta.url));
const src = path.join(root, 'src');
const dist = path.join(root, 'dist');
const changedAt = async (file) => (await stat(file).catch(() => null))?.mtimeMs ?? 0;

const always = ['package.json', 'package-lock.json', 'scripts/build.mjs'].map((name) => path.join(root, name));
const isStale = async (target, sources) =>
  (await changedAt(target)) <= Math.max(...(await Promise.all([...sources, ...always].map(changedAt))));
const sourcesOf = (pattern) => glob(pattern, { cwd: src, absolute: true });

/** Not bundled: native modules, and packages that find their own files by path. */
const APART = ['@electric-sql/pglite', 'jiti', 'pg'];

/** Node parses an imported CommonJS module, and all it loads, for the names it exports. `require` skips that. */
const requireTemporal = {
  name: 'require-temporal',
  resolveId: {
    filter: { id: /^@temporalio\// },
    handler: (id, importer) => (importer === `\0${id}` ? { id, external: true } : `\0${id}`),
  },
  load: { filter: { id: /^\0@temporalio\// }, handler: (id) => `module.exports = require('${id.slice(1)}');` },
};

const cli = path.join(dist, 'cli.js');
if (await isStale(cli, await sourcesOf('**/*.ts'))) {
  for (const old of await glob(['*.js', 'chunks/*.js'], { cwd: dist, absolute: true, ignore: 'workflow-bundle.js' }))
    await rm(old);
  const bundle = await rolldown({
    cwd: root,
    input: {
      cli: 'src/cli.ts',
      program: 'src/program.ts', // For tests that run commands in their own process.
      client: 'src/client.ts',
      config: 'src/config/index.ts',
      warden: 'src/adapters/process/warden.ts',
    },
    platform: 'node',
    external: APART,
    plugins: [requireTemporal],
  });
  const { output } = await bundle.write({ dir: dist, format: 'esm', chunkFileNames: 'chunks/[name]-[hash].js' });
  await writeFile(path.join(dist, 'LICENSES.txt'), await noticesOf(output.flatMap(({ moduleIds }) => moduleIds)));
  await chmod(cli, 0o755);
}

const workflowBundle = path.join(dist, 'workflow-bundle.js');
if (await isStale(workflowBundle, await sourcesOf(['workflows/**/*.ts', 'core/**/*.ts']))) {
  const silent = () => undefined;
  const { code } = await bundleWorkflowCode({
    workflowsPath: path.join(src, 'workflows/index.ts'),
    workflowInterceptorModules: [path.join(src, 'workflows/check-values.ts')],
    webpackConfigHook: (config) => ({
      ...config,
      resolve: { ...config.resolve, extensionAlias: { '.js': ['.ts', '.js'] } },
      // Without the modules of zod that nothing uses, such as its messages in fifty languages.
      optimization: { ...config.optimization, providedExports: true, usedExports: true, sideEffects: true },
    }),
    logger: { log: silent, trace: silent, debug: silent, info: silent, warn: console.warn, error: console.error },
  });
  await writeFile(workflowBundle, code);
}

const emptyDatabase = path.join(dist, 'empty-database.tar.gz');
if (await isStale(emptyDatabase, [])) {
  const database = await PGlite.create(); // In memory.
  const archive = await database.dumpDataDir('gzip');
  await database.close();
  await writeFile(emptyDatabase, Buffer.from(await archive.arrayBuffer()));
}

/** The licences of the bundled libraries, which require this. */
async function noticesOf(moduleIds) {
  const folders = new Set(moduleIds.flatMap((id) => id.match(/^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/)?.[0] ?? []));
  const notices = [...folders].sort().map(async (folder) => {
    const { name, version, license } = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8'));
    const [file] = await glob('license*', { cwd: folder, absolute: true, caseSensitiveMatch: false });
    return `${name} ${version} (${license})\n\n${file ? (await readFile(file, 'utf8')).trim() : 'No licence file comes with it.'}\n`;
  });
  return (await Promise.all(notices)).join(`\n${'-'.repeat(80)}\n\n`);
}
