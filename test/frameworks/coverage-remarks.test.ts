import { expect, test } from 'vitest';
import { COVERAGE_ALONE } from '../../src/frameworks/config-text.js';
import { mocha } from '../../src/frameworks/mocha/adapter.js';
import { suiteFolder, temporaryProject } from '../support/run-framework.js';

test.each([
  [{ coverageCommand: ['c8', '--all'] }, []],
  [{ coverageCommand: ['nyc'] }, [COVERAGE_ALONE]],
  [{ coverageCommand: ['nyc'], coverage: 'off' as const }, []],
  [{}, []],
])('mocha with %j has the remarks of coverage that it needs', async (settings, remarks) => {
  const { spec, ...folder } = suiteFolder(mocha, await temporaryProject({ 'a.test.js': '' }));
  expect(await mocha.remarks?.({ ...folder, spec: { ...spec, ...settings } })).toEqual(remarks);
});
