// `npm run bench:warm`: the table “Warm sessions” of docs/benchmarks.md. HOLDFAST_BENCH_TIMES: repeats, 5.
import { symlink } from 'node:fs/promises';
import path from 'node:path';
import { machine, makeProject, ROOT, repeat, row, rows, run, spread, timed, withStack } from './measure.mjs';
import { pytest } from './pytest.mjs';

const times = Number(process.env.HOLDFAST_BENCH_TIMES || 5);

/** Small files: a few cases that compute a little, and a module that several of them require. */
const smallFile = (n) => `
const assert = require('node:assert');
const { sum } = require('../lib/sum.js');
describe('file ${n}', () => {
  for (let i = 0; i < 20; i += 1) it('adds ' + i, () => assert.equal(sum([i, ${n}]), i + ${n}));
});\n`;

async function mocha(count) {
  const files = Object.fromEntries(Array.from({ length: count }, (_, n) => [`test/t${n}.spec.js`, smallFile(n)]));
  files['lib/sum.js'] = 'exports.sum = (numbers) => numbers.reduce((a, b) => a + b, 0);\n';
  files['.mocharc.json'] = '{ "spec": "test/**/*.spec.js" }';
  files['package.json'] = '{}';
  const project = await makeProject({ files, suite: { framework: 'mocha' }, slots: 2 });
  await symlink(path.join(ROOT, 'node_modules'), path.join(project.folder, 'node_modules'));
  const bin = path.join(ROOT, 'node_modules/mocha/bin/mocha.js');
  await withStack(project.folder, async () => {
    await run(project.folder, ['--warm', 'on']);
    const [warm, cold, parallel] = [[], [], []];
    for (let round = 0; round < times; round += 1) {
      warm.push(await run(project.folder, ['--warm', 'on']));
      parallel.push(await timed(process.execPath, [bin, '--parallel', '-j', '2'], { cwd: project.folder }));
      cold.push(await run(project.folder));
    }
    const cases = warm[0].result.totals.cases.passed;
    row(
      `${count} small mocha files (${cases} cases), 2 slots: the whole command, s`,
      'stated',
      spread(warm.map(({ wallMs }) => wallMs / 1_000)),
    );
    row('÷ mocha --parallel -j 2', '<= 1.0', spread(warm.map(({ wallMs }, index) => wallMs / parallel[index])));
    row(
      'its makespan ÷ mocha --parallel -j 2',
      'stated',
      spread(warm.map(({ result }, index) => result.run.makespanMs / parallel[index])),
    );
    row('a process for each file ÷ warm', '>= 5', spread(cold.map(({ wallMs }, index) => wallMs / warm[index].wallMs)));
  });
  await project.remove();
}

async function noop() {
  const files = Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`test/t${n}.spec.js`, "it('is there', () => {});\n"]));
  files['.mocharc.json'] = '{ "spec": "test/**/*.spec.js" }';
  files['package.json'] = '{}';
  const project = await makeProject({ files, suite: { framework: 'mocha' }, slots: 2 });
  await symlink(path.join(ROOT, 'node_modules'), path.join(project.folder, 'node_modules'));
  await withStack(project.folder, async () => {
    await run(project.folder, ['--warm', 'on']);
    const warm = await repeat(times, () => run(project.folder, ['--warm', 'on']));
    row(
      '200 no-op mocha files, 2 slots, warm: makespan ÷ files, ms',
      '<= 12',
      spread(warm.map(({ result }) => result.run.makespanMs / 200)),
    );
  });
  await project.remove();
}

async function pytests(count) {
  const python = await pytest();
  process.env.VIRTUAL_ENV = path.dirname(path.dirname(python));
  const file = (n) =>
    `import pytest\nfrom lib import add\n\n@pytest.fixture(scope="module")\ndef base():\n    return ${n}\n\n@pytest.mark.parametrize("i", range(20))\ndef test_adds(base, i):\n    assert add(base, i) == ${n} + i\n`;
  const files = Object.fromEntries(Array.from({ length: count }, (_, n) => [`test_${n}.py`, file(n)]));
  Object.assign(files, { 'lib.py': 'def add(a, b):\n    return a + b\n', 'pytest.ini': '[pytest]\n' });
  const project = await makeProject({ files, suite: { framework: 'pytest' }, slots: 2 });
  await withStack(project.folder, async () => {
    await run(project.folder, ['--warm', 'on']);
    const [warm, cold, worksteal, loadfile] = [[], [], [], []];
    const xdist = (dist) =>
      timed(python, ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', '-n', '2', '--dist', dist], { cwd: project.folder });
    for (let round = 0; round < times; round += 1) {
      warm.push(await run(project.folder, ['--warm', 'on']));
      worksteal.push(await xdist('worksteal'));
      loadfile.push(await xdist('loadfile'));
      cold.push(await run(project.folder));
    }
    row(
      `${count} small pytest files (${warm[0].result.totals.cases.passed} cases), 2 slots: the whole command, s`,
      'stated',
      spread(warm.map(({ wallMs }) => wallMs / 1_000)),
    );
    row('÷ pytest -n 2 --dist worksteal', '<= 1.0', spread(warm.map(({ wallMs }, index) => wallMs / worksteal[index])));
    row('÷ pytest -n 2 --dist loadfile', '<= 1.0', spread(warm.map(({ wallMs }, index) => wallMs / loadfile[index])));
    row('a process for each file ÷ warm', 'stated', spread(cold.map(({ wallMs }, index) => wallMs / warm[index].wallMs)));
  });
  await project.remove();
}

console.log(`${new Date().toISOString().slice(0, 10)}, ${machine()}`);
const only = process.argv.slice(2);
const wanted = (name) => only.length === 0 || only.includes(name);
if (wanted('mocha')) await mocha(88);
if (wanted('mocha')) await mocha(300);
if (wanted('noop')) await noop();
if (wanted('pytest')) await pytests(100);
console.log('\n| what | must | measured |\n|---|---|---|');
for (const cells of rows) console.log(`| ${cells.join(' | ')} |`);
