import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readAbouts } from '../../scripts/docs-tables.js';
import type { FrameworkName } from '../../src/core/model/frameworks.js';
import { pytestEnvironment } from '../support/python.js';
import { temporaryProject } from '../support/run-framework.js';
import { fetchFramework, pomOf } from './fetch.js';
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

const java = (name: string, body: string) => ({
  [`src/test/java/${name}Test.java`]: `import org.junit.jupiter.api.Test;\n\nclass ${name}Test {\n  @Test\n  void x() throws Exception {\n    ${body}\n  }\n}\n`,
});
const KEEP_IN_JAVA =
  'java.nio.file.Files.writeString(java.nio.file.Path.of("diary"), ProcessHandle.current().pid() + "\\n", java.nio.file.StandardOpenOption.APPEND);';
const JUNIT = {
  ...java('A', KEEP_IN_JAVA),
  ...java('B', KEEP_IN_JAVA),
  ...java('C', 'throw new Exception();'),
  ...java('D', KEEP_IN_JAVA),
};

/** node itself, for the machine these tests run on. */
const NODE_PACKAGE = `node-${process.platform}-${process.arch}`;

/** A project for each framework; `kept`: processes for the three green files in sessions, three where there are none. */
const PROJECTS: readonly (readonly [
  framework: FrameworkName,
  files: Readonly<Record<string, string>>,
  { readonly kept: number },
])[] = [
  ['mocha', MOCHA, { kept: 2 }],
  ['jest', JEST, { kept: 2 }],
  ['vitest', VITEST, { kept: 2 }],
  ['node', NODE, { kept: 2 }],
  ['playwright', PLAYWRIGHT, { kept: 3 }],
  ['pytest', PYTEST, { kept: 1 }],
  ['junit', JUNIT, { kept: 2 }],
];
const abouts = await readAbouts();
const ENDS = PROJECTS.flatMap(([framework, files, ends]) =>
  (abouts.get(framework)?.versions?.tried ?? []).map((version) => [framework, version, files, ends] as const),
);

/** Packages whose name is another than that of the framework. */
const PACKAGES: Readonly<Record<string, string>> = { playwright: '@playwright/test', node: NODE_PACKAGE };

const NOT_OF_NPM: ReadonlySet<FrameworkName> = new Set(['pytest', 'junit']);

/** The packages of this version of a framework. */
async function installed(framework: string, version: string): Promise<string> {
  return join(await fetchFramework(PACKAGES[framework] ?? framework, version), 'node_modules');
}

const HAS_NO_SESSIONS: ReadonlySet<string> = new Set(['mocha 6.2.3', 'mocha 7.2.0']);

/** vitest 5 wants node 22.12. */
const isNew = Number.parseFloat(process.versions.node) >= 22.12;

test.each(ENDS.filter(([framework, version]) => framework !== 'vitest' || isNew || !version.startsWith('5.')))(
  '%s %s: the same with and without sessions',
  async (framework, version, files, { kept }) => {
    const suite = { framework, warm: 'on', maxInFlight: 1, order: 'path' };
    const pom = framework === 'junit' && { 'pom.xml': pomOf({ dependencies: [`org.junit.jupiter:junit-jupiter:${version}`] }) };
    const all = { ...files, ...pom, 'package.json': '{}', 'holdfast.config.json': JSON.stringify({ suites: { unit: suite } }) };
    const env: Record<string, string> = framework === 'pytest' ? { VIRTUAL_ENV: await pytestEnvironment(version) } : {};
    const modules = NOT_OF_NPM.has(framework) ? undefined : await installed(framework, version);
    const cwd = await temporaryProject(all, modules);
    const node = framework === 'node' && modules ? join(modules, NODE_PACKAGE, 'bin/node') : undefined;
    const verdicts = async (words: readonly string[]) => {
      await writeFile(join(cwd, 'diary'), '');
      const { report } = await holdfast(cwd, words, env, node);
      // What follows is the second look at the red file, after those before it.
      const pids = (await readFile(join(cwd, 'diary'), 'utf8')).trim().split('\n').slice(0, 3);
      expect(pids).toHaveLength(3);
      return { totals: report.totals, processes: new Set(pids).size };
    };
    const [cold, warm] = [await verdicts(['--no-warm']), await verdicts([])]; // With durations: files come together, too.
    expect(warm.totals).toMatchObject({ planned: 4, passed: 3, failed: 1, cases: { passed: 3, failed: 1, skipped: 0 } });
    expect(warm.totals).toEqual(cold.totals);
    expect(warm.processes).toBeLessThanOrEqual(HAS_NO_SESSIONS.has(`${framework} ${version}`) ? 3 : kept);
  },
);

test('every version that the documentation names is tried here', () => {
  const named = [...abouts].flatMap(([name, { versions }]) => (versions?.tried.length ? [name] : []));
  expect(PROJECTS.map(([name]) => name).sort()).toEqual(named.sort());
});
