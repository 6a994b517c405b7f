import { expect, test } from 'vitest';
import { COVERAGE_ALONE, COVERAGE_IS_OFF } from '../../src/frameworks/config-text.js';
import { go } from '../../src/frameworks/go/adapter.js';
import { mocha } from '../../src/frameworks/mocha/adapter.js';
import { nodeTest } from '../../src/frameworks/node/adapter.js';
import { suiteFolder, temporaryProject } from '../support/run-framework.js';

test.each([
  [go, { args: ['-coverprofile=c.out'] }, [COVERAGE_IS_OFF]],
  [go, { args: ['-race'] }, []],
  [nodeTest, { args: ['--experimental-test-coverage'] }, [COVERAGE_IS_OFF]],
  [mocha, { coverageCommand: ['c8', '--all'] }, [COVERAGE_IS_OFF]],
  [mocha, { coverageCommand: ['nyc'] }, [COVERAGE_IS_OFF, COVERAGE_ALONE]],
  [mocha, { coverageCommand: ['nyc'], coverage: 'off' as const }, []],
  [mocha, {}, []],
])('$name with %j has the remarks of coverage that it needs', async (framework, settings, remarks) => {
  const { spec, ...folder } = suiteFolder(framework, await temporaryProject({ 'a.test.js': '' }));
  expect(await framework.remarks?.({ ...folder, spec: { ...spec, ...settings } })).toEqual(remarks);
});
