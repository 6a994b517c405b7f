import { expect, test } from 'vitest';
import { ciIdentity } from '../../src/config/ci.js';
import { runIdFrom } from '../../src/core/model/run-id.js';

const SHA = 'a'.repeat(40);
const GITHUB = { GITHUB_ACTIONS: 'true', GITHUB_RUN_ID: '77', GITHUB_JOB: 'unit', GITHUB_SHA: SHA };
const GITLAB = { GITLAB_CI: 'true', CI_PIPELINE_ID: '77', CI_JOB_NAME: 'unit', CI_JOB_ID: '901', CI_COMMIT_SHA: SHA };
const BUILDKITE = { BUILDKITE: 'true', BUILDKITE_BUILD_ID: 'b-1', BUILDKITE_STEP_ID: 's-2', BUILDKITE_COMMIT: SHA };
const AZURE = {
  TF_BUILD: 'True',
  BUILD_BUILDID: '77',
  SYSTEM_JOBNAME: 'unit',
  SYSTEM_STAGENAME: 'test',
  BUILD_SOURCEVERSION: SHA,
};

test.each([
  ['none', { CI: 'true' }, null],
  ['GitHub, first attempt', { ...GITHUB, GITHUB_RUN_ATTEMPT: '1' }, { id: '77-unit', attempt: 1, commit: SHA }],
  ['GitHub, third attempt', { ...GITHUB, GITHUB_RUN_ATTEMPT: '3' }, { id: '77-unit', attempt: 3, commit: SHA }],
  ['GitHub, an attempt that is no number', { ...GITHUB, GITHUB_RUN_ATTEMPT: 'x' }, { id: '77-unit', attempt: 1, commit: SHA }],
  ['GitHub without its run', { GITHUB_ACTIONS: 'true' }, null],
  ['GitLab', GITLAB, { id: '77-unit-901', attempt: 1, commit: SHA }],
  ['GitLab, one of several nodes', { ...GITLAB, CI_NODE_INDEX: '2' }, { id: '77-unit-2-901', attempt: 1, commit: SHA }],
  ['GitLab, the job retried', { ...GITLAB, CI_JOB_ID: '902' }, { id: '77-unit-902', attempt: 1, commit: SHA }],
  [
    'Jenkins',
    { JENKINS_URL: 'https://ci', BUILD_TAG: 'jenkins-app-12', STAGE_NAME: 'unit', GIT_COMMIT: SHA },
    { id: 'jenkins-app-12-unit', attempt: 1, commit: SHA },
  ],
  [
    'CircleCI',
    {
      CIRCLECI: 'true',
      CIRCLE_WORKFLOW_ID: 'w-1',
      CIRCLE_JOB: 'unit',
      CIRCLE_BUILD_NUM: '5',
      CIRCLE_NODE_INDEX: '0',
      CIRCLE_SHA1: SHA,
    },
    { id: 'w-1-unit-5-0', attempt: 1, commit: SHA },
  ],
  ['Buildkite, first time', { ...BUILDKITE, BUILDKITE_RETRY_COUNT: '0' }, { id: 'b-1-s-2', attempt: 1, commit: SHA }],
  ['Buildkite, retried', { ...BUILDKITE, BUILDKITE_RETRY_COUNT: '1' }, { id: 'b-1-s-2', attempt: 2, commit: SHA }],
  ['Buildkite, a commit that is a name', { ...BUILDKITE, BUILDKITE_COMMIT: 'HEAD' }, { id: 'b-1-s-2', attempt: 1, commit: null }],
  [
    'Azure, first time',
    { ...AZURE, SYSTEM_STAGEATTEMPT: '1', SYSTEM_JOBATTEMPT: '1' },
    { id: '77-test-unit', attempt: 1, commit: SHA },
  ],
  [
    'Azure, the stage run again',
    { ...AZURE, SYSTEM_STAGEATTEMPT: '2', SYSTEM_JOBATTEMPT: '1' },
    { id: '77-test-unit', attempt: 2, commit: SHA },
  ],
])('%s', (_, env, identity) => {
  expect(ciIdentity(env)).toEqual(identity);
});

test.each([['unit: all'], ['unit/all'], ['тест'], ['x'.repeat(300)], ['a\nb']])(
  'a job called %j has a safe name of its own',
  (job) => {
    const [identity, other] = [job, `${job}!`].map((name) => ciIdentity({ ...GITHUB, GITHUB_JOB: name }));
    expect(identity?.id).toMatch(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$/);
    expect(identity?.id).not.toBe(other?.id);
    expect(ciIdentity({ ...GITHUB, GITHUB_JOB: job })?.id).toBe(identity?.id);
  },
);

test('a run of a laptop is named by its time and letters of its own', () => {
  expect(runIdFrom(Date.UTC(2026, 0, 2, 3, 4, 5, 678), '/x9Kq-7')).toBe('20260102-030405-x9kq7');
});
