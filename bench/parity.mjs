// `npm run bench:parity [-- NAME…]`: suites written by others, by their own command and by Holdfast without a configuration; the table of
// docs/parity.md. `-- --here FOLDER FRAMEWORK [WORDS…]`: a project that is there, whose script calls the framework with these words.
// `-- generated [COUNT [SEED]]`: suites of random shape, 300 of a new seed.
// HOLDFAST_PARITY_MODES: which runs, by their names below. HOLDFAST_PARITY_SUITE: of a project whose script calls several, this one.
// The first run is the first ever in its folder, and nothing is up. The next ones find a stack up, but for the last, whose slots are others.
// A suite is fetched into ~/.cache/holdfast the first time.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { createJiti } from 'jiti';
import { CLI, machine, median, ROOT, withStack } from './measure.mjs';
import { SUITES } from './parity/suites.mjs';

if (process.argv[2] === 'generated') {
  const [count = 300, seed = Math.floor(Math.random() * 2 ** 31)] = process.argv.slice(3);
  const { exitCode } = await execa('npx', ['vitest', 'run', 'test/frameworks/generated.test.ts', '--testTimeout=3600000'], {
    cwd: ROOT,
    env: { HOLDFAST_GENERATED: String(count), HOLDFAST_SEED: String(seed) },
    stdio: 'inherit',
    reject: false,
  });
  process.exit(exitCode);
}

const jiti = createJiti(import.meta.url);
const { fetchDistribution, fetchModule, fetchPackage } = await jiti.import('../test/real/fetch.ts');
const { accountOf, differences, inWords, sizeOf, steady } = await jiti.import('../test/parity/compare.ts');
const { ownAccount, SEPARATORS } = await jiti.import('../test/parity/own.ts');

const FIRST = { name: 'run 1', words: [] };
const STACK_UP = [
  { name: 'run 2', words: [] },
  { name: 'run 3', words: [] },
  { name: '--warm off', words: ['--warm', 'off'] },
  { name: '--order random', words: ['--order', 'random'] },
];
const FOUR_SLOTS = { name: '-j 4', words: ['-j', '4'] };
const wantedModes = process.env.HOLDFAST_PARITY_MODES?.split(',');
const isWanted = ({ name }) => wantedModes?.includes(name) ?? true;

/** Folder names without dots: tests of some Go modules allow none. */
const FETCH = {
  npm: ({ name, version }) => fetchPackage(name, version),
  pypi: ({ name, version, needs }) => fetchDistribution(name, version, needs),
  folder: ({ folder }) => folder,
  go: ({ name, version }) =>
    fetchModule(`${name}-${version}`.replace(/^[^/]+\//, '').replace(/[/.]/g, '-'), `${name}@${version}`),
};

async function holdfast(cwd, words, env) {
  const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-parity-'));
  const json = path.join(folder, 'result.json');
  try {
    const startedAt = performance.now();
    const only = process.env.HOLDFAST_PARITY_SUITE;
    const argv = [CLI, 'run', ...(only ? ['--suite', only] : []), ...words, `--reporter=json=${json}`, '--reporter=ci'];
    const { all } = await execa(process.execPath, argv, {
      cwd,
      env,
      reject: false,
      all: true,
      stdin: 'ignore',
      timeout: 600_000,
    });
    const wallMs = performance.now() - startedAt;
    const text = await readFile(json, 'utf8').catch(() => null);
    return { wallMs, output: all, report: text === null ? null : JSON.parse(text) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const seconds = (ms) => (ms / 1_000).toFixed(1);

async function bench(suite) {
  const { framework, own: args } = suite;
  const cwd = await FETCH[suite.kind](suite);
  const venv = path.join(cwd, '.venv');
  const env = suite.kind === 'pypi' ? { VIRTUAL_ENV: venv, PATH: `${venv}/bin:${process.env.PATH}` } : {};
  const call = { cwd, args, env, python: path.join(venv, 'bin/python') };
  const own = [await ownAccount(framework, call), await ownAccount(framework, call)];
  // Two that say nothing would be equal.
  if (!own[0].isComplete || sizeOf(own[0]).passed === 0)
    throw new Error(`its own command runs nothing here:\n${own[0].output.slice(-1_000)}`);
  const hold = steady(own[0], own[1]);
  const unequal = [];
  const wallsOf = new Map();
  const tryMode = async ({ name, words }) => {
    const { wallMs, output, report } = await holdfast(cwd, words, env);
    wallsOf.set(name, wallMs);
    const account = report && accountOf(report, SEPARATORS[framework]);
    const found = account ? differences(hold(own[0]), hold(account)).map(inWords) : [`no result:\n${output.slice(-2_000)}`];
    if (found.length > 0) unequal.push(`${name}: ${found.length > 3 ? `${found.length} differences` : found.join('; ')}`);
    console.log(
      `${suite.name} ${name}: ${seconds(wallMs)} s, ${found.length === 0 ? 'equal' : `\n    ${found.slice(0, 12).join('\n    ')}`}`,
    );
    if (found.length > 0 && process.env.HOLDFAST_PARITY_OUTPUT) console.log(output);
  };

  await rm(path.join(cwd, '.holdfast'), { recursive: true, force: true });
  if (isWanted(FIRST)) await tryMode(FIRST);
  const stackUp = STACK_UP.filter(isWanted);
  if (stackUp.length > 0)
    await withStack(
      cwd,
      async () => {
        for (const mode of stackUp) {
          await tryMode(mode);
          if (mode.name === 'run 2') own.push(await ownAccount(framework, call)); // Between what it is compared with.
        }
      },
      env,
    );
  if (isWanted(FOUR_SLOTS)) await tryMode(FOUR_SLOTS);

  const size = sizeOf(own[0]);
  const ownMs = median(own.map(({ wallMs }) => wallMs));
  const later = ['run 2', 'run 3'].flatMap((name) => wallsOf.get(name) ?? []);
  const beside = (ms, factor, addedMs) =>
    `${seconds(ms)} (${ms <= ownMs * factor + addedMs ? 'met' : `${(ms / ownMs).toFixed(1)} ×`})`;
  return [
    `${suite.name} ${suite.version}`,
    framework,
    framework === 'node' ? '' : size.files,
    `${size.passed}, ${size.failed}, ${size.skipped}`,
    unequal.length === 0 ? 'yes' : `**no**: ${unequal.join('; ')}`,
    seconds(ownMs),
    wallsOf.has('run 1') ? beside(wallsOf.get('run 1'), 1.25, 3_000) : '',
    later.map((ms) => beside(ms, 1.05, 800)).join(', '),
  ];
}

const [flag, folder, framework, ...own] = process.argv.slice(2);
const here = {
  kind: 'folder',
  name: folder && path.basename(folder),
  version: '',
  folder: folder && path.resolve(folder),
  framework,
  own,
};
const wanted = process.argv.slice(2);
const suites = flag === '--here' ? [here] : SUITES.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
console.log(`${new Date().toISOString().slice(0, 10)}, ${machine()}`);
const rows = [];
for (const suite of suites) {
  try {
    rows.push(await bench(suite));
  } catch (error) {
    console.error(`${suite.name}: ${error.stack}`);
    process.exitCode = 1;
  }
}
const titles = ['suite', 'framework', 'files', 'passed, failed, skipped', 'equal', 'own, s', 'first run, s', 'later runs, s'];
console.log(`\n| ${titles.join(' | ')} |\n|${titles.map(() => ' --- |').join('')}`);
for (const row of rows) console.log(`| ${row.join(' | ')} |`);
