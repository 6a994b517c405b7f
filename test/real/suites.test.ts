import { expect, test } from 'vitest';
import type { FrameworkName } from '../../src/core/model/frameworks.js';
import { type CountAlone, goTestAlone, mavenAlone, nodeTestAlone, pytestAlone, rspecAlone, unittestAlone } from './alone.js';
import {
  fetchCachetools,
  fetchCommonsCli,
  fetchFastify,
  fetchHashie,
  fetchPackaging,
  fetchPino,
  fetchPluggy,
  fetchText,
  fetchZap,
} from './fetch.js';
import { holdfast } from './holdfast.js';

type RealSuite = {
  readonly name: string;
  readonly fetch: () => Promise<string>;
  readonly framework: FrameworkName;
  readonly flags: readonly string[];
  readonly files: number;
  readonly countAlone: CountAlone;
  /** It computes only, and for long: its own count is taken beside Holdfast's. */
  readonly beside?: true;
};

const SUITES: readonly RealSuite[] = [
  { name: 'zap', fetch: fetchZap, framework: 'go', flags: [], files: 12, countAlone: goTestAlone },
  {
    name: 'commons-cli',
    fetch: fetchCommonsCli,
    framework: 'junit',
    flags: ['--warm=on'], // 38 starts of Java would be most of the time of CI's real suites.
    files: 38,
    countAlone: mavenAlone,
  },
  { name: 'pluggy', fetch: fetchPluggy, framework: 'pytest', flags: [], files: 9, countAlone: pytestAlone },
  {
    name: 'cachetools',
    fetch: fetchCachetools,
    framework: 'unittest',
    flags: [],
    files: 12,
    countAlone: unittestAlone,
  },
  { name: 'packaging', fetch: fetchPackaging, framework: 'pytest', flags: [], files: 17, countAlone: pytestAlone, beside: true },
  {
    name: 'pino',
    fetch: fetchPino,
    framework: 'node',
    // Red without Holdfast too: bundlers-support wants a file that pino builds before its tests, big counts lines that a slow disk has not taken in 10 s.
    flags: ['--include=test/**/*.test.js', '--exclude=test/transport/{bundlers-support,big}.test.js'],
    files: 53,
    countAlone: nodeTestAlone,
  },
  { name: 'hashie', fetch: fetchHashie, framework: 'rspec', flags: [], files: 33, countAlone: rspecAlone },
  { name: 'x/text', fetch: fetchText, framework: 'go', flags: [], files: 48, countAlone: goTestAlone },
  {
    name: 'fastify',
    fetch: fetchFastify,
    framework: 'node',
    flags: ['--include=test/**/*.test.js'],
    files: 197,
    countAlone: nodeTestAlone,
  },
];

test.each(SUITES)('$name: every file once, and as many cases as $framework counts alone', async (suite) => {
  const cwd = await suite.fetch();
  const counting = suite.beside && suite.countAlone(cwd, []); // All that the framework finds by itself.
  const { exitCode, output, report } = await holdfast(cwd, [`--framework=${suite.framework}`, ...suite.flags]);
  const red = report.files.filter(({ verdict }) => verdict !== 'passed' && verdict !== 'skipped').map(({ path }) => path);
  expect({ red, exitCode, output }).toEqual({ red: [], exitCode: 0, output });
  expect(report.totals).toMatchObject({ planned: suite.files, failed: 0, notRun: 0, infraError: 0, lost: 0, countedTwice: 0 });
  expect(new Set(report.files.map(({ path }) => path)).size).toBe(suite.files);
  const paths = report.files.map(({ path }) => path);
  const alone = await (counting ?? suite.countAlone(cwd, paths));
  // Every case is green here. One that is red without Holdfast once, on a slow machine, is asked again; one that always is makes a difference.
  expect(report.totals.cases).toEqual(alone.failed === 0 ? alone : await suite.countAlone(cwd, paths));
});

test.each([['--no-warm'], ['--warm=on']])(
  'cachetools: as many cases as unittest counts alone in each of three runs, with %s',
  async (flag) => {
    const cwd = await fetchCachetools();
    const alone = await unittestAlone(cwd, []);
    for (const number of [1, 2, 3]) {
      const { report } = await holdfast(cwd, ['--framework=unittest', flag]);
      expect({ number, ...report.totals }).toMatchObject({
        number,
        passed: 12,
        lost: 0,
        countedTwice: 0,
        planned: 12,
        cases: alone,
      });
    }
  },
);
