import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Framework } from '../../src/frameworks/framework.js';
import { jest } from '../../src/frameworks/jest/adapter.js';
import { mocha } from '../../src/frameworks/mocha/adapter.js';
import { nodeTest } from '../../src/frameworks/node/adapter.js';
import { pytest } from '../../src/frameworks/pytest/adapter.js';
import type { FileRun } from '../../src/frameworks/run-file.js';
import { vitest } from '../../src/frameworks/vitest/adapter.js';
import { type Account, differences, inWords, reportedCase, wholeFile } from '../parity/compare.js';
import { type Own, ownAccount, SEPARATORS } from '../parity/own.js';
import { type Shape, shapesOf } from '../parity/shapes.js';
import { type Dialect, writtenInJs } from '../parity/written-js.js';
import { writtenInPython } from '../parity/written-py.js';
import { pytestEnvironment } from '../support/python.js';
import { temporaryProject } from '../support/run-framework.js';
import { aWarmWorker, cold, inOneDispatch, running } from '../support/run-warm.js';

/**
 * HOLDFAST_GENERATED: suites of all frameworks together; HOLDFAST_SEED repeats those of a run. Those of CI are always the same: others are
 * for `npm run bench:parity -- generated`.
 */
const COUNT = Number(process.env.HOLDFAST_GENERATED || 20);
const SEED = Number(process.env.HOLDFAST_SEED || 20_261_130);

type Kind = {
  readonly own: Exclude<Own, 'go'>;
  readonly framework: Framework;
  /** The name of a test file. */
  readonly file: (name: string) => string;
  readonly write: (shape: Shape) => string;
  readonly files: Readonly<Record<string, string>>;
  /** Ends what a file leaves open, as Holdfast does. */
  readonly ending: readonly string[];
};

const js = (dialect: Dialect) => (shape: Shape) => writtenInJs(dialect, shape);
const KINDS: readonly Kind[] = [
  {
    own: 'mocha',
    framework: mocha,
    file: (name) => `${name}.spec.js`,
    write: js('mocha'),
    files: {},
    ending: ['--exit'],
  },
  {
    own: 'jest',
    framework: jest,
    file: (name) => `${name}.test.js`,
    write: js('jest'),
    files: { 'jest.config.js': 'module.exports = { watchman: false };\n' },
    ending: ['--forceExit'],
  },
  {
    own: 'vitest',
    framework: vitest,
    file: (name) => `${name}.test.mjs`,
    write: js('vitest'),
    files: { 'vitest.config.mjs': 'export default { test: { pool: "forks" } };\n' },
    ending: [],
  },
  {
    own: 'node',
    framework: nodeTest,
    file: (name) => `${name}.test.cjs`,
    write: js('node'),
    files: {},
    ending: [],
  },
  {
    own: 'pytest',
    framework: pytest,
    file: (name) => `test_${name}.py`,
    write: writtenInPython,
    files: { 'pytest.ini': '[pytest]\n' },
    ending: [],
  },
];

const isGreen = ({ end }: FileRun) => end.kind === 'passed' || (end.kind === 'noTests' && !end.isError);

/** What Holdfast says of these files. */
function accountOfRuns(own: Own, runs: readonly (readonly [file: string, run: FileRun])[]): Account {
  return {
    isGreen: runs.every(([, run]) => isGreen(run)),
    isComplete: true,
    cases: runs.flatMap(([file, run]) => {
      const cases = 'cases' in run.end ? run.end.cases : [];
      const reported = cases.map(({ name, status }) => reportedCase(file, name, status, SEPARATORS[own]));
      return isGreen(run) || reported.some(({ status }) => status === 'failed') ? reported : [...reported, wholeFile(file)];
    }),
    flaky: [],
  };
}

/** Makes the suites of one framework, asks it and Holdfast, and returns what the two say differently. */
async function compare({ own, framework, file, write, files, ending }: Kind, shapes: readonly Shape[]) {
  const written = shapes.map((shape, index) => ({ file: file(`s${index}`), isWild: shape.isWild, text: write(shape) }));
  const env: Record<string, string> = { HOLDFAST_OPEN_GRACE_MS: '400' };
  const venv = own === 'pytest' ? await pytestEnvironment() : null;
  if (venv) env.VIRTUAL_ENV = venv;
  const cwd = await temporaryProject({
    'package.json': '{}',
    ...files,
    ...Object.fromEntries(written.map(({ file, text }) => [file, text])),
  });
  const python = venv ? { python: join(venv, 'bin/python') } : {};
  const groups = [
    written.filter(({ isWild }) => !isWild).map(({ file }) => file), // In one call of the framework.
    ...written.filter(({ isWild }) => isWild).map(({ file }) => [file]),
  ].filter((group) => group.length > 0);
  const isWild = ([first]: readonly string[]) => written.some(({ file, isWild }) => isWild && file === first);
  const all = groups.flat();
  const worker = aWarmWorker();
  const [ofOwn, alone, kept] = await Promise.all([
    inTurn(groups, (group) => ownAccount(own, { cwd, args: [...(isWild(group) ? [] : ending), ...group], ...python })),
    inTurn(all, running(cwd, cold, framework, { env })),
    inOneDispatch(running(cwd, worker, framework, { env }), all),
  ]);
  await worker.close();
  const ways = { alone, kept };
  return Object.entries(ways).flatMap(([way, runs]) =>
    groups.flatMap((group, index) => {
      const reported = ofOwn[index];
      // node counts a file whose process leaves with 0 as a passed test, whatever was still to come.
      const hasLeft = own === 'node' && group.length === 1 && reported?.cases.every(({ name }) => name === '');
      const account = reported && hasLeft ? { ...reported, isComplete: false } : reported;
      const runOf = (one: string) => runs[all.indexOf(one)];
      const ours = accountOfRuns(
        own,
        group.flatMap((one) => [runOf(one) ?? []].flat().map((run) => [one, run] as const)),
      );
      const isReported = account?.isComplete || isWild(group);
      const found = account && isReported ? differences(account, ours).map(inWords) : ['its own command left no report'];
      if (found.length === 0) return [];
      const texts = group.filter((one) => group.length === 1 || found.some((line) => line.includes(one)));
      const shown = texts.map(
        (one) => `${one}:\n${written.find(({ file }) => file === one)?.text}\n${runOf(one)?.output.slice(-1_500)}`,
      );
      return [`${own}, ${way}: ${found.join('\n  ')}\n${shown.join('\n')}\n${account?.output.slice(0, 3_000)}`];
    }),
  );
}

async function inTurn<One, Result>(all: readonly One[], doOne: (one: One) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (const one of all) results.push(await doOne(one));
  return results;
}

test.each(KINDS)('suites of random shape: $own says of them what Holdfast says, with sessions and without', async (kind) => {
  const shapes = shapesOf(SEED + KINDS.indexOf(kind), Math.ceil(COUNT / KINDS.length));
  console.log(`${shapes.length} suites of ${kind.own}, HOLDFAST_SEED=${SEED} HOLDFAST_GENERATED=${COUNT}`);
  expect((await compare(kind, shapes)).join('\n\n')).toBe('');
});
