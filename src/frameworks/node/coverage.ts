import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { packageFile } from '../../adapters/package-file.js';
import type { FrameworkSpec } from '../../core/model/suite.js';
import { nodeCoverage } from '../coverage/node-coverage.js';
import type { CoverageCall, CoverageSupport, GatheredCoverage, SuiteFolder } from '../framework.js';
import { withoutOptions } from '../script/split-words.js';

const SWITCH = '--experimental-test-coverage';
const VALUED = ['include', 'exclude', 'lines', 'branches', 'functions'].map((name) => `--test-coverage-${name}`);

/** Whether node itself measures coverage; c8 or nyc may, if it does not. */
export const measuresItself = ({ args, coverage, coverageCommand }: FrameworkSpec): boolean =>
  coverage === 'on' ? coverageCommand === undefined : coverage !== 'off' && args.includes(SWITCH);

/** Arguments without those for coverage, which only the run that merges gets. */
export const withoutCoverage = (args: readonly string[]): readonly string[] =>
  withoutOptions(args, { valued: VALUED, leftOut: [SWITCH, ...VALUED] }).kept;

/** Coverage by node's own test runner, which merges what the processes of its files have written. */
export const nodeTestCoverage: CoverageSupport = {
  isAround: true,

  async merge(folder: SuiteFolder, gathered: GatheredCoverage): Promise<CoverageCall> {
    const { args } = folder.spec;
    if (!measuresItself(folder.spec)) return nodeCoverage.merge(folder, gathered);
    const { raw, scratch } = gathered;
    const program = join(scratch, 'node_modules/gather.cjs');
    await mkdir(join(scratch, 'node_modules'));
    await copyFile(packageFile('src/frameworks/node/gather.cjs'), program);
    const kept = withoutCoverage(args);
    const ofCoverage = args.filter((word) => word !== SWITCH && !kept.includes(word));
    const spec = ['--test-reporter=spec', '--test-reporter-destination=stdout'];
    return {
      argv: [process.execPath, SWITCH, ...ofCoverage, ...spec, '--test', program],
      env: { HOLDFAST_COVERAGE: JSON.stringify({ raw, own: packageFile('src/frameworks') }) },
      met: [0],
      below: [1],
      shown: reportIn,
    };
  },
};

/** What node prints of coverage, without what it prints of the only test. */
function reportIn(output: string): string {
  const lines = output.split('\n');
  const start = lines.findIndex((line) => line.includes('start of coverage report'));
  return lines
    .filter((line, index) => (start >= 0 && index >= start) || /coverage does not meet threshold/.test(line))
    .join('\n');
}
