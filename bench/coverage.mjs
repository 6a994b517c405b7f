// The whole command with coverage, beside the framework's own command with coverage on as many processes, where it has any: 60 test files,
// each of a module of its own, and 60 modules that all of them load. Both take turns on the same machine; the stack is up, and the
// durations of the files are known. Beside the time, the processor time of all processes of both, the stack among them, where Linux's
// cgroups (v1) can be written to; on a busy machine only that, and ratios, mean anything. `FRAMEWORK…` measures only these, `TIMES=5` as often.
// pytest needs a Python with pytest, pytest-cov and pytest-xdist, in PYTHON.
import { mkdir, readFile, rmdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { makeProject, median, ROOT, repeat, row, run, spread, timed, withStack } from './measure.mjs';

const COUNT = 60;
const TIMES = Number(process.env.TIMES ?? 5);
const SLOTS = 2;
/** Runs before the first measured one: dispatches grow as files turn out to be short. */
const LEARNING = 3;
const numbers = Array.from({ length: COUNT }, (_, index) => index);
/** A module with branches, of which its test takes some. */
const branches = (name) => Array.from({ length: 20 }, (_, n) => `if (n === ${n}) return '${name} ${n}';`).join('\n  ');

/** @param {boolean} isEsm */
function files(isEsm, assertion = (left, right) => `expect(${left}).toBe(${right})`, globalName = 'test') {
  const defined = (name) => `${isEsm ? 'export const of =' : 'exports.of ='} (n) => {\n  ${branches(name)}\n  return n;\n};\n`;
  const loaded = (name) =>
    isEsm ? `import { of as of_${name} } from '../src/${name}.js';` : `const { of: of_${name} } = require('../src/${name}.js');`;
  return Object.fromEntries(
    numbers.flatMap((n) => [
      [`src/m${n}.js`, defined(`m${n}`)],
      [`src/shared${n}.js`, defined(`shared${n}`)],
      [
        `tests/t${n}.test.js`,
        [
          ...numbers.map((other) => loaded(`shared${other}`)),
          loaded(`m${n}`),
          `${globalName}('t', () => ${assertion(`of_m${n}(1) + of_shared${n}(2)`, `'m${n} 1shared${n} 2'`)});`,
        ].join('\n'),
      ],
    ]),
  );
}

/** The same in Python. */
function pythonFiles() {
  const lines = (name) => Array.from({ length: 20 }, (_, n) => `    if n == ${n}:\n        return '${name} ${n}'`).join('\n');
  return Object.fromEntries(
    numbers.flatMap((n) => [
      [`src/m${n}.py`, `def of(n):\n${lines(`m${n}`)}\n    return n\n`],
      [`src/shared${n}.py`, `def of(n):\n${lines(`shared${n}`)}\n    return n\n`],
      [
        `tests/test_${n}.py`,
        [
          ...numbers.map((other) => `from src.shared${other} import of as of_shared${other}`),
          `from src.m${n} import of as of_m${n}`,
          `def test_it():\n    assert of_m${n}(1) + of_shared${n}(2) == 'm${n} 1shared${n} 2'\n`,
        ].join('\n'),
      ],
    ]),
  );
}

const ofNode = (program, ...words) => [process.execPath, path.join(ROOT, 'node_modules', program), ...words];
const python = process.env.PYTHON ?? 'python3';
const FRAMEWORKS = {
  jest: {
    own: ofNode('jest/bin/jest.js', '--coverage', `-w=${SLOTS}`),
    files: {
      ...files(false),
      'package.json': JSON.stringify({ jest: { collectCoverage: true, coverageReporters: ['json'] } }),
    },
  },
  vitest: {
    own: ofNode('vitest/vitest.mjs', 'run'),
    files: {
      ...files(true),
      'vitest.config.mjs': `export default { test: { globals: true, maxWorkers: ${SLOTS}, coverage: { enabled: true, include: ['src/**'], reporter: ['json'] } } };`,
    },
  },
  // c8 measures one process of mocha, or, with --parallel, its workers.
  mocha: {
    own: ofNode('c8/bin/c8.js', '--reporter=json', ...ofNode('mocha/bin/mocha.js', '--parallel', `--jobs=${SLOTS}`)),
    suite: { coverageCommand: ['c8', '--reporter=json'] },
    files: {
      ...files(false, (left, right) => `require('node:assert').equal(${left}, ${right})`, 'it'),
      'package.json': '{}',
      '.mocharc.json': '{ "spec": "tests/*.js" }',
    },
  },
  pytest: {
    own: [python, '-m', 'pytest', '-q', '-n', String(SLOTS)],
    files: {
      ...pythonFiles(),
      'src/__init__.py': '',
      'pytest.ini': '[pytest]\naddopts = --cov=src --cov-report=json\npythonpath = .\n',
    },
    env: { PATH: `${path.dirname(python)}:${process.env.PATH}` },
  },
};

const GROUP = `/sys/fs/cgroup/cpuacct/holdfast-bench-${process.pid}`;
/** Puts this process, and so all that it starts, into a group of its own; false if that is not possible here. */
const isCounted = await mkdir(GROUP)
  .then(() => writeFile(path.join(GROUP, 'cgroup.procs'), String(process.pid)))
  .then(
    () => true,
    () => false,
  );
const NANOSECONDS = 1e9;
const processorSeconds = async () =>
  isCounted ? Number(await readFile(path.join(GROUP, 'cpuacct.usage'), 'utf8')) / NANOSECONDS : 0;

/** Seconds, and seconds of processor, that some work takes. */
async function measured(work) {
  const [before, start] = [await processorSeconds(), performance.now()];
  await work();
  return { seconds: (performance.now() - start) / 1_000, processor: (await processorSeconds()) - before };
}

const chosen = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(FRAMEWORKS);
for (const framework of chosen) {
  const { own, files: texts, suite = {}, env = {} } = FRAMEWORKS[framework];
  const project = await makeProject({ files: texts, suite: { framework, ...suite }, slots: SLOTS });
  await symlink(path.join(ROOT, 'node_modules'), path.join(project.folder, 'node_modules'));
  Object.assign(process.env, env);
  const [program, ...words] = own;
  const alone = () => timed(program, words, { cwd: project.folder });
  await withStack(project.folder, async () => {
    for (let known = 0; known < LEARNING; known += 1) await run(project.folder);
    await alone();
    const pairs = await repeat(TIMES, async () => ({
      own: await measured(alone),
      ours: await measured(() => run(project.folder)),
    }));
    for (const unit of isCounted ? ['seconds', 'processor'] : ['seconds']) {
      const [owns, ours] = [pairs.map((pair) => pair.own[unit]), pairs.map((pair) => pair.ours[unit])];
      const ratios = pairs.map((pair) => pair.ours[unit] / pair.own[unit]);
      row(
        `${framework} with coverage, ${COUNT} files, ${unit === 'seconds' ? 's' : 's of processor'}: Holdfast; alone; ratio of each pair`,
        'time ≤ 1.15 × + 0.8 s',
        `${spread(ours)}; ${spread(owns)}; ${spread(ratios)}; goal ${(1.15 * median(owns) + 0.8).toFixed(2)}`,
      );
    }
  });
  await project.remove();
}
if (isCounted) {
  await writeFile('/sys/fs/cgroup/cpuacct/cgroup.procs', String(process.pid));
  await rmdir(GROUP).catch(() => undefined); // A process that is ending is still in it.
}
