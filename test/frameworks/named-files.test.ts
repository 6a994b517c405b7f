import { expect, test } from 'vitest';
import type { Framework } from '../../src/frameworks/framework.js';
import { jest } from '../../src/frameworks/jest/adapter.js';
import { mocha } from '../../src/frameworks/mocha/adapter.js';
import { nodeTest } from '../../src/frameworks/node/adapter.js';
import { vitest } from '../../src/frameworks/vitest/adapter.js';
import { runFramework, suiteFolder, temporaryProject } from '../support/run-framework.js';

const IN_NODE = "require('node:test')('one', () => {});\n";
const IN_VITEST = "import { test } from 'vitest';\ntest('one', () => {});\n";
const GLOBAL = "it('one', () => {});\n";

/** Arguments that name files, in a project that has others too. */
test.each<[framework: Framework, text: string, args: string[], files: string[]]>([
  [mocha, GLOBAL, ['unit', 'more/*.js'], ['more/c.js', 'unit/a.test.js', 'unit/b.test.js']],
  [jest, GLOBAL, ['unit', '--testTimeout', '9000'], ['unit/a.test.js', 'unit/b.test.js']],
  [vitest, IN_VITEST, ['unit'], ['unit/a.test.js', 'unit/b.test.js']],
  [nodeTest, IN_NODE, ['unit/*.js'], ['unit/a.test.js', 'unit/b.test.js']],
  [nodeTest, IN_NODE, ['./unit'], ['unit/a.test.js', 'unit/b.test.js']],
  [nodeTest, IN_NODE, ['--no-warnings', 'more/c.js'], ['more/c.js']],
])('case %$: what the arguments name is listed, and one file of that runs alone', async (framework, text, args, files) => {
  const others = ['unit/a.test.js', 'unit/b.test.js', 'more/c.js', 'other/d.test.js'];
  const cwd = await temporaryProject({ 'package.json': '{}', ...Object.fromEntries(others.map((file) => [file, text])) });
  const folder = suiteFolder(framework, cwd, { args });
  expect(await framework.list(folder)).toEqual(files);
  const { reading } = await runFramework(framework, folder, files[0] ?? '');
  expect(reading).toMatchObject({ kind: 'passed', cases: [{ name: expect.arrayContaining(['one']) }] });
  expect(reading.cases).toHaveLength(1);
});
