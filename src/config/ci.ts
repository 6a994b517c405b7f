import { createHash } from 'node:crypto';
import type { Environment } from '../core/model/environment.js';

/** How a CI service identifies the current job. */
export type CiIdentity = {
  /** The same for all attempts of one job of a pipeline; safe as a run id. */
  readonly id: string;
  /** From 1; 1 if the CI does not say. */
  readonly attempt: number;
  readonly commit: string | null;
};

type Ci = {
  /** A variable that only this CI sets. */
  readonly mark: string;
  /** Variables that together identify the job; the first is always set. */
  readonly id: readonly [string, ...string[]];
  /** Variables that count reruns, and the value of each on the first attempt. */
  readonly repeats: readonly { readonly variable: string; readonly first: 0 | 1 }[];
  readonly commit: string;
};

const CIS: readonly Ci[] = [
  // No variable identifies a job within a matrix: each job of a matrix needs its own --run-id.
  {
    mark: 'GITHUB_ACTIONS',
    id: ['GITHUB_RUN_ID', 'GITHUB_JOB'],
    repeats: [{ variable: 'GITHUB_RUN_ATTEMPT', first: 1 }],
    commit: 'GITHUB_SHA',
  },
  // A retried job gets a new CI_JOB_ID but no attempt number. Including the id makes each retry its own run instead of an old verdict.
  {
    mark: 'GITLAB_CI',
    id: ['CI_PIPELINE_ID', 'CI_JOB_NAME', 'CI_NODE_INDEX', 'CI_JOB_ID'],
    repeats: [],
    commit: 'CI_COMMIT_SHA',
  },
  // A rebuild gets a new number, which is part of the tag.
  { mark: 'JENKINS_URL', id: ['BUILD_TAG', 'STAGE_NAME'], repeats: [], commit: 'GIT_COMMIT' },
  // Rerunning a workflow creates a new workflow; rerunning one job creates a new build.
  {
    mark: 'CIRCLECI',
    id: ['CIRCLE_WORKFLOW_ID', 'CIRCLE_JOB', 'CIRCLE_BUILD_NUM', 'CIRCLE_NODE_INDEX'],
    repeats: [],
    commit: 'CIRCLE_SHA1',
  },
  {
    mark: 'BUILDKITE',
    id: ['BUILDKITE_BUILD_ID', 'BUILDKITE_STEP_ID', 'BUILDKITE_PARALLEL_JOB'],
    repeats: [{ variable: 'BUILDKITE_RETRY_COUNT', first: 0 }],
    commit: 'BUILDKITE_COMMIT',
  },
  {
    mark: 'TF_BUILD',
    id: ['BUILD_BUILDID', 'SYSTEM_STAGENAME', 'SYSTEM_JOBNAME', 'SYSTEM_JOBPOSITIONINPHASE'],
    repeats: [
      { variable: 'SYSTEM_STAGEATTEMPT', first: 1 },
      { variable: 'SYSTEM_JOBATTEMPT', first: 1 },
    ],
    commit: 'BUILD_SOURCEVERSION',
  },
];

/** Identifies the current CI job; null outside the CI services that Holdfast knows. */
export function ciIdentity(env: Environment): CiIdentity | null {
  const ci = CIS.find(({ mark }) => Boolean(env[mark]));
  if (ci === undefined || !env[ci.id[0]]) return null;
  const id = ci.id.flatMap((name) => env[name] || []).join('-');
  const repeats = ci.repeats.reduce((sum, { variable, first }) => sum + repeatsOf(env[variable], first), 0);
  const commit = env[ci.commit] ?? '';
  return { id: safeRunId(id), attempt: 1 + repeats, commit: /^[0-9a-f]{7,64}$/i.test(commit) ? commit : null };
}

/** Number of reruns in a counter; 0 for anything but a small count. */
function repeatsOf(text: string | undefined, first: number): number {
  return text !== undefined && /^\d{1,3}$/.test(text) ? Math.max(0, Number(text) - first) : 0;
}

const LONGEST_RUN_ID = 100;
const HASH_LENGTH = 8;

/**
 * Makes a run id of letters, digits, `.`, `_` and `-`. A name that has to be changed gets a hash, so that different names stay
 * different.
 */
function safeRunId(name: string): string {
  const safe = name.replaceAll(/[^A-Za-z0-9._-]/g, '_').replace(/^[.-]/, '_');
  if (safe === name && safe.length <= LONGEST_RUN_ID) return safe;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, HASH_LENGTH);
  return `${safe.slice(0, LONGEST_RUN_ID - HASH_LENGTH - 1)}-${hash}`;
}
