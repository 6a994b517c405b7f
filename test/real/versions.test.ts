import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { pytestEnvironment } from '../support/python.js';
import { temporaryProject } from '../support/run-framework.js';
import { fetchFramework } from './fetch.js';
import { holdfast } from './holdfast.js';

const KEEP = "require('node:fs').appendFileSync('diary', process.pid + '\\n');";

/** Green, green, red, green; the green ones write down which process they are in. */
const javascript = (extension: string, green: string, red: string) => ({
  [`a.${extension}`]: green,
  [`b.${extension}`]: green,
  [`c.${extension}`]: red,
  [`d.${extension}`]: green,
});
const MOCHA = {
  ...javascript('spec.js', `it('x', () => { ${KEEP} });`, "it('x', () => { throw new Error('no'); });"),
  '.mocharc.json': '{"spec":"*.spec.js"}',
};
const JEST = {
  ...javascript('test.js', `test('x', () => { ${KEEP} });`, "test('x', () => { throw new Error('no'); });"),
  'jest.config.js': 'module.exports = { watchman: false };',
};
const VITEST = {
  ...javascript(
    'test.mjs',
    "import { appendFileSync } from 'node:fs'; import { test } from 'vitest'; test('x', () => appendFileSync('diary', process.ppid + '\\n'));",
    "import { test } from 'vitest'; test('x', () => { throw new Error('no'); });",
  ),
  'vitest.config.mjs': 'export default { test: { pool: "forks" } };',
};
const PLAYWRIGHT = {
  ...javascript(
    'spec.ts',
    "import { appendFileSync } from 'node:fs'; import { test } from '@playwright/test'; test('x', () => appendFileSync('diary', process.ppid + '\\n'));",
    "import { test } from '@playwright/test'; test('x', () => { throw new Error('no'); });",
  ),
  'playwright.config.ts': 'export default {};',
};
const NODE = javascript(
  'test.js',
  "require('node:test').test('x', () => require('node:fs').appendFileSync('diary', process.ppid + '\\n'));",
  "require('node:test').test('x', () => { throw new Error('no'); });",
);
const python = (body: string) => `import os\ndef test_x():\n    ${body}\n`;
const PYTEST = {
  'test_a.py': python('open("diary", "a").write(f"{os.getppid()}\\n")'),
  'test_b.py': python('open("diary", "a").write(f"{os.getppid()}\\n")'),
  'test_c.py': python('assert 0'),
  'test_d.py': python('open("diary", "a").write(f"{os.getppid()}\\n")'),
  'pytest.ini': '[pytest]\n',
};

/** node itself, for the machine these tests run on. */
const NODE_PACKAGE = `node-${process.platform}-${process.arch}`;

/** `kept`: processes for the three green files in sessions; three where there are none. */
const ENDS = [
  ['mocha', '10.8.2', MOCHA, { kept: 2 }],
  ['mocha', '12.0.3', MOCHA, { kept: 2 }],
  ['jest', '29.7.0', JEST, { kept: 2 }],
  ['jest', '30.5.2', JEST, { kept: 2 }],
  ['vitest', '3.2.7', VITEST, { kept: 2 }],
  ['vitest', '4.1.12', VITEST, { kept: 2 }],
  ['vitest', '5.1.1', VITEST, { kept: 2 }],
  ['node', '22.23.3', NODE, { kept: 2 }],
  ['node', '24.21.0', NODE, { kept: 2 }],
  ['node', '26.10.0', NODE, { kept: 2 }],
  ['playwright', '1.40.1', PLAYWRIGHT, { kept: 3 }],
  ['playwright', '1.65.1', PLAYWRIGHT, { kept: 3 }],
  ['pytest', '7.4.4', PYTEST, { kept: 1 }],
  ['pytest', '8.4.2', PYTEST, { kept: 1 }],
] as const;

/** Packages whose name is another than that of the framework. */
const PACKAGES: Readonly<Record<string, string>> = { playwright: '@playwright/test', node: NODE_PACKAGE };

/** The packages of this version of a framework. */
async function installed(framework: string, version: string): Promise<string> {
  return join(await fetchFramework(PACKAGES[framework] ?? framework, version), 'node_modules');
}

/** vitest 5 wants node 22.12. */
const isNew = Number.parseFloat(process.versions.node) >= 22.12;

test.each(ENDS.filter(([framework, version]) => framework !== 'vitest' || isNew || !version.startsWith('5.')))(
  '%s %s: the same with and without sessions',
  async (framework, version, files, { kept }) => {
    const suite = { framework, warm: 'on', maxInFlight: 1, order: 'path' };
    const all = { ...files, 'package.json': '{}', 'holdfast.config.json': JSON.stringify({ suites: { unit: suite } }) };
    const env: Record<string, string> = framework === 'pytest' ? { VIRTUAL_ENV: await pytestEnvironment(version) } : {};
    const modules = framework === 'pytest' ? undefined : await installed(framework, version);
    const cwd = await temporaryProject(all, modules);
    const node = framework === 'node' && modules ? join(modules, NODE_PACKAGE, 'bin/node') : undefined;
    const verdicts = async (words: readonly string[]) => {
      await writeFile(join(cwd, 'diary'), '');
      const { report } = await holdfast(cwd, words, env, node);
      const pids = (await readFile(join(cwd, 'diary'), 'utf8')).trim().split('\n');
      expect(pids).toHaveLength(3);
      return { totals: report.totals, processes: new Set(pids).size };
    };
    const [cold, warm] = [await verdicts(['--no-warm']), await verdicts([])]; // With durations: files come together, too.
    expect(warm.totals).toMatchObject({ planned: 4, passed: 3, failed: 1, cases: { passed: 3, failed: 1, skipped: 0 } });
    expect(warm.totals).toEqual(cold.totals);
    expect(warm.processes).toBeLessThanOrEqual(kept);
  },
);
