// `npm run bench:warm [-- mocha vitest jest pytest node go skewed noop many real]`: the table “Warm sessions” of docs/benchmarks.md. HOLDFAST_BENCH_TIMES: repeats, 5.
import { rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { createJiti } from 'jiti';
import { sleepsMs } from './makespan.mjs';
import { machine, makeProject, ROOT, repeat, row, rows, run, spread, timed, withStack } from './measure.mjs';
import { pytest } from './pytest.mjs';

const times = Number(process.env.HOLDFAST_BENCH_TIMES || 5);
const WARM = ['--warm', 'on'];
/** Runs before the first measured one: dispatches grow as files turn out to be short. */
const LEARNING = 4;
const bin = (file) => path.join(ROOT, 'node_modules', file);
const numbered = (count, name, text) => Object.fromEntries(Array.from({ length: count }, (_, n) => [name(n), text(n)]));

/** A project that uses the frameworks installed for Holdfast itself. */
async function jsProject(framework, files) {
  const project = await makeProject({
    files: { 'package.json': '{"type":"commonjs"}', ...files },
    suite: { framework },
    slots: 2,
  });
  await symlink(path.join(ROOT, 'node_modules'), path.join(project.folder, 'node_modules'));
  return project;
}

/** Runs a suite in sessions, in turns with the framework's own command and with one process per file. */
async function compare(title, project, { peers, cold, forget }) {
  await withStack(project.folder, async () => {
    await repeat(LEARNING, () => run(project.folder, WARM));
    await run(project.folder); // From here on the default knows how long a start takes.
    const [warm, auto, alone, each, forgetful] = [[], [], peers.map(() => []), [], []];
    for (let round = 0; round < times; round += 1) {
      warm.push(await run(project.folder, WARM));
      auto.push(await run(project.folder));
      for (const [index, { argv }] of peers.entries())
        alone[index].push(await timed(argv[0], argv.slice(1), { cwd: project.folder }));
      if (round < 2) each.push(await run(project.folder, ['--warm', 'off']));
      if (forget) forgetful.push(await forget.first().then(() => run(project.folder, WARM)));
    }
    const beside = (runs, peer = 0) => spread(runs.map(({ result }, round) => result.run.makespanMs / alone[peer][round]));
    const makespans = warm.map(({ result }) => result.run.makespanMs);
    const inSeconds = spread(makespans.map((ms) => ms / 1_000));
    row(`${title} (${warm[0].result.totals.cases.passed} cases), 2 slots: makespan, s`, 'stated', inSeconds);
    for (const [index, { label, must }] of peers.entries()) {
      row(`÷ ${label}`, must, beside(warm, index));
      row('the whole command ÷ that', 'stated', spread(warm.map(({ wallMs }, round) => wallMs / alone[index][round])));
    }
    row('with `auto`, the default ÷ that', 'stated', beside(auto));
    if (forget) row(forget.label, 'stated', beside(forgetful));
    row(
      'a process for each file ÷ warm',
      cold,
      spread(each.map(({ result }, round) => result.run.makespanMs / makespans[round])),
    );
  });
  await project.remove();
}

/** Small files: a few short CPU-bound cases, and modules that several files require. */
async function mocha(count) {
  const text = (n) => `
const assert = require('node:assert');
const { sum } = require('../lib/sum.js');
describe('file ${n}', () => {
  for (let i = 0; i < 20; i += 1) it('adds ' + i, () => assert.equal(sum([i, ${n}]), i + ${n}));
});\n`;
  const project = await jsProject('mocha', {
    ...numbered(count, (n) => `test/t${n}.spec.js`, text),
    'lib/sum.js': 'exports.sum = (numbers) => numbers.reduce((a, b) => a + b, 0);\n',
    '.mocharc.json': '{ "spec": "test/**/*.spec.js" }',
  });
  const argv = [process.execPath, bin('mocha/bin/mocha.js'), '--parallel', '-j', '2'];
  await compare(`${count} small mocha files`, project, {
    peers: [{ label: 'mocha --parallel -j 2', must: '<= 1.0', argv }],
    cold: '>= 5',
  });
}

async function vitest(count, isolate) {
  const text = (n) => `
import { expect, test } from 'vitest';
import { sum } from '../lib/sum.js';
test.each(Array.from({ length: 20 }, (_, i) => i))('adds %d', (i) => expect(sum([i, ${n}])).toBe(i + ${n}));\n`;
  const project = await jsProject('vitest', {
    ...numbered(count, (n) => `test/t${n}.test.mjs`, text),
    'lib/sum.js': 'exports.sum = (numbers) => numbers.reduce((a, b) => a + b, 0);\n',
    'vitest.config.mjs': `export default { test: { isolate: ${isolate} } };\n`,
  });
  const argv = [process.execPath, bin('vitest/vitest.mjs'), 'run', '--maxWorkers=2'];
  await compare(`${count} small vitest files, isolation ${isolate ? 'on' : 'off'}`, project, {
    peers: [{ label: 'vitest run, 2 forks', must: '<= 1.1', argv }],
    cold: 'stated',
  });
}

async function jest(count) {
  const text = (n) => `
const { sum } = require('../lib/sum.js');
test.each(Array.from({ length: 20 }, (_, i) => i))('adds %d', (i) => expect(sum([i, ${n}])).toBe(i + ${n}));\n`;
  const project = await jsProject('jest', {
    ...numbered(count, (n) => `test/t${n}.test.js`, text),
    'lib/sum.js': 'exports.sum = (numbers) => numbers.reduce((a, b) => a + b, 0);\n',
    'jest.config.js': 'module.exports = { watchman: false };\n',
  });
  const argv = [process.execPath, bin('jest/bin/jest.js'), '-w', '2'];
  await compare(`${count} small jest files`, project, {
    peers: [{ label: 'jest -w 2', must: '<= 1.1', argv }],
    cold: 'stated',
  });
}

/** Each file has its own process, started ahead. */
async function nodeTests(count) {
  const text = (n) => `
const assert = require('node:assert');
const { test } = require('node:test');
const { sum } = require('../lib/sum.js');
for (let i = 0; i < 20; i += 1) test('adds ' + i, () => assert.equal(sum([i, ${n}]), i + ${n}));\n`;
  const project = await jsProject('node', {
    ...numbered(count, (n) => `test/t${n}.test.js`, text),
    'lib/sum.js': 'exports.sum = (numbers) => numbers.reduce((a, b) => a + b, 0);\n',
  });
  const argv = [
    process.execPath,
    '--test',
    '--test-concurrency=2',
    ...Array.from({ length: count }, (_, n) => `test/t${n}.test.js`),
  ];
  await compare(`${count} small files of node:test`, project, {
    peers: [{ label: 'node --test, 2 at a time', must: '<= 1.05', argv }],
    cold: 'stated',
  });
}

/** Unchanged packages, which `go test` links every time; and the same without kept binaries. */
async function go(count) {
  const text = (n) =>
    `package p${n}\n\nimport "testing"\n\nfunc TestAdds(t *testing.T) {\n\tfor i := 0; i < 20; i++ {\n\t\tif i+${n} != ${n}+i {\n\t\t\tt.Fatal(i)\n\t\t}\n\t}\n}\n`;
  const project = await makeProject({
    files: { ...numbered(count, (n) => `p${n}/p${n}_test.go`, text), 'go.mod': 'module example.com/bench\n\ngo 1.21\n' },
    suite: { framework: 'go' },
    slots: 2,
  });
  await compare(`${count} small go packages`, project, {
    peers: [{ label: 'go test -count=1 -p 2', must: '<= 1.1', argv: ['go', 'test', '-count=1', '-p', '2', './...'] }],
    cold: 'stated',
    forget: {
      label: 'the same with all of them to be linked ÷ that',
      first: () => rm(path.join(project.folder, '.holdfast/cache'), { recursive: true }),
    },
  });
}

/** Log-normal sleeps, the longest 15 % of them all, on 4 slots: order, beside a framework that divides files by their number. */
async function skewed(framework, text, { config, shard }) {
  const sleeps = sleepsMs();
  const rest = sleeps.slice(0, -1).reduce((sum, ms) => sum + ms, 0);
  const all = [...sleeps.slice(0, -1), Math.round((0.15 / 0.85) * rest)];
  const files = Object.fromEntries(all.map((ms, n) => [`test/t${(n * 17) % 40}.test.${config.extension}`, text(ms)]));
  const project = await makeProject({
    files: { 'package.json': '{}', ...config.files, ...files },
    suite: { framework },
    slots: 4,
  });
  await symlink(path.join(ROOT, 'node_modules'), path.join(project.folder, 'node_modules'));
  await withStack(project.folder, async () => {
    await repeat(LEARNING, () => run(project.folder, WARM));
    const ratios = [];
    for (let round = 0; round < times; round += 1) {
      const { result } = await run(project.folder, WARM);
      const shards = await Promise.all(
        [1, 2, 3, 4].map((n) => timed(process.execPath, shard(`--shard=${n}/4`), { cwd: project.folder })),
      );
      ratios.push(result.run.makespanMs / Math.max(...shards));
    }
    row(
      `40 ${framework} files that sleep, 4 slots: makespan ÷ the longest of 4 × ${framework} --shard`,
      '<= 0.9',
      spread(ratios),
    );
  });
  await project.remove();
}

async function skewedSuites() {
  const sleep = (ms) => `test('sleeps', () => new Promise((done) => setTimeout(done, ${ms})), 60000);\n`;
  await skewed('vitest', (ms) => `import { test } from 'vitest';\n${sleep(ms)}`, {
    config: { extension: 'mjs', files: { 'vitest.config.mjs': 'export default {};\n' } },
    shard: (words) => [bin('vitest/vitest.mjs'), 'run', '--maxWorkers=1', words],
  });
  await skewed('jest', sleep, {
    config: { extension: 'js', files: { 'jest.config.js': 'module.exports = { watchman: false };\n' } },
    shard: (words) => [bin('jest/bin/jest.js'), '-w', '1', words],
  });
}

async function pytests(count) {
  const python = await pytest();
  process.env.VIRTUAL_ENV = path.dirname(path.dirname(python));
  const text = (n) =>
    `import pytest\nfrom lib import add\n\n@pytest.fixture(scope="module")\ndef base():\n    return ${n}\n\n@pytest.mark.parametrize("i", range(20))\ndef test_adds(base, i):\n    assert add(base, i) == ${n} + i\n`;
  const project = await makeProject({
    files: {
      ...numbered(count, (n) => `test_${n}.py`, text),
      'lib.py': 'def add(a, b):\n    return a + b\n',
      'pytest.ini': '[pytest]\n',
    },
    suite: { framework: 'pytest' },
    slots: 2,
  });
  const peer = (dist) => ({
    label: `pytest -n 2 --dist ${dist}`,
    must: '<= 1.0',
    argv: [python, '-m', 'pytest', '-q', '-p', 'no:cacheprovider', '-n', '2', '--dist', dist],
  });
  await compare(`${count} small pytest files`, project, { peers: [peer('worksteal'), peer('loadfile')], cold: 'stated' });
}

/** No-op files: the cost per file. */
async function noop(count, must, per) {
  const project = await jsProject('mocha', {
    ...numbered(
      count,
      (n) => `test/t${n}.spec.js`,
      () => "it('is there', () => {});\n",
    ),
    '.mocharc.json': '{ "spec": "test/**/*.spec.js" }',
  });
  await withStack(project.folder, async () => {
    await repeat(LEARNING, () => run(project.folder, WARM));
    const runs = await repeat(times, () => run(project.folder, WARM));
    const words = per === 1 ? 'makespan, s' : 'makespan ÷ files, ms';
    const each = runs.map(({ result }) => (per === 1 ? result.run.makespanMs / 1_000 : result.run.makespanMs / count));
    row(`${count} no-op mocha files, 2 slots, warm: ${words}`, must, spread(each));
  });
  await project.remove();
}

/** Whole suites written by others, beside the framework's own run of the same files. Prints a note if the case counts differ. */
async function realSuites() {
  const jiti = createJiti(import.meta.url);
  const { fetchFastify, fetchPino, fetchPluggy, fetchText, fetchZap } = await jiti.import('../test/real/fetch.ts');
  const { goTestAlone, nodeTestAlone, pytestAlone } = await jiti.import('../test/real/alone.ts');
  const node = (files) => [process.execPath, '--test', '--test-concurrency=2', ...files];
  const goTest = () => ['go', 'test', '-count=1', '-p', '2', './...'];
  const tests = { framework: 'node', include: ['test/**/*.test.js'] };
  // Red without Holdfast too: bundlers-support needs a file that pino builds before its tests; big fails if a slow disk has not written its lines within 10 s.
  const pino = { ...tests, exclude: ['test/transport/{bundlers-support,big}.test.js'] };
  await real('pino', await fetchPino(), { suite: pino, argv: node, count: nodeTestAlone });
  await real('fastify', await fetchFastify(), { suite: tests, argv: node, count: nodeTestAlone });
  const pluggy = await fetchPluggy();
  const alone = (files) => [path.join(pluggy, '.venv/bin/python'), '-m', 'pytest', '-q', ...files];
  await real('pluggy', pluggy, { suite: { framework: 'pytest' }, argv: alone, count: pytestAlone });
  await real('zap', await fetchZap(), { suite: { framework: 'go' }, argv: goTest, count: goTestAlone });
  await real('x/text', await fetchText(), { suite: { framework: 'go' }, argv: goTest, count: goTestAlone });
}

async function real(name, folder, { suite, argv, count }) {
  const project = await makeProject({ files: {}, suite: { ...suite, cwd: 'suite' }, slots: 2 });
  await symlink(folder, path.join(project.folder, 'suite'));
  await withStack(project.folder, async () => {
    await repeat(2, () => run(project.folder, WARM));
    const [warm, alone] = [[], []];
    for (let round = 0; round < Math.min(times, 3); round += 1) {
      warm.push((await run(project.folder, WARM)).result);
      const [program, ...words] = argv(warm[0].files.map(({ path: file }) => file));
      alone.push(await timed(program, words, { cwd: folder }));
    }
    const [{ totals, files }] = warm;
    const counted = await count(
      folder,
      files.map(({ path: file }) => file),
    );
    const isExact = isDeepStrictEqual(totals.cases, counted);
    const counts = isExact
      ? `${totals.cases.passed} cases, as the framework counts`
      : `${JSON.stringify(totals.cases)}, not ${JSON.stringify(counted)}`;
    row(
      `${name} (${suite.framework}, ${files.length} files; ${counts}), 2 slots: makespan ÷ ${argv(['FILE…'])
        .slice(1)
        .map((word) => path.basename(word))
        .join(' ')}`,
      'stated',
      spread(warm.map(({ run: { makespanMs } }, round) => makespanMs / alone[round])),
    );
  });
  await project.remove();
}

const ALL = {
  mocha: () => mocha(300),
  vitest: async () => {
    await vitest(100, true);
    await vitest(100, false);
  },
  jest: () => jest(150),
  pytest: () => pytests(100),
  node: () => nodeTests(150),
  go: () => go(40),
  skewed: skewedSuites,
  noop: () => noop(200, '<= 12', 200),
  many: () => noop(2_000, '<= 15', 1),
  real: realSuites,
};

console.log(`${new Date().toISOString().slice(0, 10)}, ${machine()}`);
const asked = process.argv.slice(2);
for (const [name, measure] of Object.entries(ALL)) if (asked.length === 0 || asked.includes(name)) await measure();
console.log('\n| what | must | measured |\n|---|---|---|');
for (const cells of rows) console.log(`| ${cells.join(' | ')} |`);
