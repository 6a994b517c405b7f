// The whole command with coverage, beside the framework's own parallel command with coverage: 60 test files, each of a module of its own,
// and 60 modules that all of them load. Both take turns on the same machine; the stack is up, and the durations of the files are known.
import { symlink } from 'node:fs/promises';
import path from 'node:path';
import { makeProject, median, ROOT, repeat, row, run, spread, timed, withStack } from './measure.mjs';

const COUNT = 60;
const TIMES = 3;
/** Runs before the first measured one: dispatches grow as files turn out to be short. */
const LEARNING = 3;
const numbers = Array.from({ length: COUNT }, (_, index) => index);
/** A module with branches, of which its test takes some. */
const branches = (name) => Array.from({ length: 20 }, (_, n) => `if (n === ${n}) return '${name} ${n}';`).join('\n  ');

/** @param {boolean} isEsm */
function files(isEsm) {
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
          `test('t', () => expect(of_m${n}(1) + of_shared${n}(2)).toBe('m${n} 1shared${n} 2'));`,
        ].join('\n'),
      ],
    ]),
  );
}

const FRAMEWORKS = {
  jest: {
    own: ['jest/bin/jest.js', '--coverage', '-w=2'],
    config: { 'package.json': JSON.stringify({ jest: { collectCoverage: true, coverageReporters: ['json'] } }) },
    isEsm: false,
  },
  vitest: {
    own: ['vitest/vitest.mjs', 'run'],
    config: {
      'vitest.config.mjs':
        "export default { test: { globals: true, maxWorkers: 2, coverage: { enabled: true, include: ['src/**'], reporter: ['json'] } } };",
    },
    isEsm: true,
  },
};

for (const [framework, { own, config, isEsm }] of Object.entries(FRAMEWORKS)) {
  const project = await makeProject({ files: { ...files(isEsm), ...config }, suite: { framework }, slots: 2 });
  await symlink(path.join(ROOT, 'node_modules'), path.join(project.folder, 'node_modules'));
  const [program, ...words] = own;
  const alone = () => timed(process.execPath, [path.join(ROOT, 'node_modules', program), ...words], { cwd: project.folder });
  await withStack(project.folder, async () => {
    for (let known = 0; known < LEARNING; known += 1) await run(project.folder);
    await alone();
    const pairs = await repeat(TIMES, async () => ({ own: await alone(), ours: (await run(project.folder)).wallMs }));
    const [owns, ours] = [pairs.map((pair) => pair.own / 1_000), pairs.map((pair) => pair.ours / 1_000)];
    row(
      `${framework} with coverage, ${COUNT} files: Holdfast, s; alone, s; ratio`,
      'stated',
      `${spread(ours)}; ${spread(owns)}; ${(median(ours) / median(owns)).toFixed(2)}`,
    );
  });
  await project.remove();
}
